// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal.bytes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class StateRecordTest {
  @Test
  void numbersOfAnySizeAndTextsComeBack() {
    long[] numbers = {0, 1, -1, 63, 64, -65, Long.MAX_VALUE, Long.MIN_VALUE};
    StateWriter out = new StateWriter(9);
    for (long number : numbers) {
      out.number(number);
    }
    byte[] record =
        out.text("Prüfstand").real(Double.NaN).maybe(Optional.of("x"), StateWriter::text).record();
    StateReader in = new StateReader("a test", record);
    assertEquals(9, in.type());
    for (long number : numbers) {
      assertEquals(number, in.number());
    }
    assertEquals("Prüfstand", in.text());
    assertTrue(Double.isNaN(in.real()));
    assertEquals(Optional.of("x"), in.maybe(StateReader::text));
  }

  @Test
  void aRecordOfANewerProgramIsRefusedByName() {
    byte[] record = new StateWriter(1).record();
    record[0] = 2;
    String message =
        assertThrows(IllegalStateException.class, () -> new StateReader("a round journal", record))
            .getMessage();
    assertEquals(
        "a round journal holds a record of version 2, this program reads version 1; start the"
            + " newer program again or restore a backup",
        message);
  }
}
