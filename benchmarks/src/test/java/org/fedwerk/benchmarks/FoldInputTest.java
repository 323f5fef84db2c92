// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.benchmarks;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.fedwerk.api.Digest;
import org.fedwerk.api.message.Float32;
import org.junit.jupiter.api.Test;

class FoldInputTest {
  private final Round round = new Round(3, 100);
  private final FoldInput input = new FoldInput(round, 32);

  @Test
  void theFoldOfTheProductPassesTheCheckTwice() {
    for (int run = 0; run < 2; run++) {
      input.reset();
      input.fold();
      assertDoesNotThrow(input::check);
    }
    byte[] bytes = Float32.encode(input.parameters(), 0, 100);
    assertEquals(round.expectedDigest(), Digest.of(bytes).hex());
  }

  @Test
  void theCheckFindsOneBit() {
    input.reset();
    input.fold();
    input.parameters()[97] = Math.nextUp(input.parameters()[97]);

    String message = assertThrows(IllegalStateException.class, input::check).getMessage();

    assertTrue(message.contains("element 97"), message);
  }

  @Test
  void theCheckFindsAFoldThatWasLeftOut() {
    input.reset();

    assertThrows(IllegalStateException.class, input::check);
  }
}
