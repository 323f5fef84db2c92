// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class TargetTest {
  private static final List<String> CLASSES = List.of("heat", "power", "strain");

  @Test
  void aNumberIsScaledAsTheTaskSays() {
    Target nox = new Target(Target.Kind.VALUE, "mg/m3", 65, 10);
    assertArrayEquals(new double[] {80.5}, nox.read("80.5", List.of()).orElseThrow());
    assertEquals(1.55f, nox.scaled(80.5));
    assertEquals(80.5, nox.value(1.55f), 1e-5);
    assertTrue(nox.read("many", List.of()).isEmpty());
    assertTrue(nox.read("NaN", List.of()).isEmpty());
  }

  @Test
  void severalClassesAreJoinedAndADashIsNone() {
    Target some = Target.SOME_CLASSES;
    assertArrayEquals(new double[] {1, 0, 1}, some.read("heat+strain", CLASSES).orElseThrow());
    assertArrayEquals(new double[] {0, 0, 0}, some.read("-", CLASSES).orElseThrow());
    assertTrue(some.read("heat+", CLASSES).isEmpty());
    assertTrue(some.read("", CLASSES).isEmpty());
  }

  @Test
  void oneClassIsItsIndex() {
    assertArrayEquals(new double[] {1}, Target.ONE_CLASS.read("power", CLASSES).orElseThrow());
    assertTrue(Target.ONE_CLASS.read("heat+power", CLASSES).isEmpty());
  }

  @Test
  void aScaleIsAboveZero() {
    assertThrows(IllegalArgumentException.class, () -> new Target(Target.Kind.VALUE, "", 0, 0));
  }
}
