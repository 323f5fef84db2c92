// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.reliability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class PartsTest {
  @Test
  void partsRunAloneOrTogetherInTheirOrder() {
    assertEquals(Parts.ALL, Parts.named(""));
    assertEquals(
        List.of("schedules", "kill"),
        Parts.named("kill, schedules").stream().map(Part::name).toList());
  }

  @Test
  void anUnknownPartIsRefusedWithTheNamesOfAll() {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> Parts.named("kil"));
    assertTrue(
        String.valueOf(refused.getMessage()).contains("\"kil\"; the parts are [schedules, "));
  }

  @Test
  void noTwoPartsPrintTheSameFigure() {
    List<String> figures = Parts.ALL.stream().flatMap(part -> part.figures().stream()).toList();
    assertEquals(figures.stream().distinct().toList(), figures);
  }
}
