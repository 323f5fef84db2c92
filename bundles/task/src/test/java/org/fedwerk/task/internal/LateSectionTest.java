// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.task.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.fedwerk.api.RefusedException;
import org.fedwerk.api.task.LateSpec;
import org.fedwerk.api.task.RoundsSpec;
import org.junit.jupiter.api.Test;

class LateSectionTest {
  private static RoundsSpec rounds(String more) throws RefusedException {
    String yaml =
        RefusalsTest.LEAST.replaceFirst(
            "(?m)^  max: 5$", "  max: 5\n" + more.indent(2).stripTrailing());
    return new YamlTaskReader().read(yaml).task().rounds();
  }

  @Test
  void lateUpdatesAreDroppedUnlessTheTaskSaysOtherwise() throws RefusedException {
    assertEquals(LateSpec.DROP, rounds("late: drop").late());
    assertFalse(rounds("mode: synchronous").late().keeps());
    assertFalse(rounds("mode: synchronous").isAsynchronous());
  }

  /** The check numbers for a late update: 1/sqrt(1+s). */
  @Test
  void theDefaultScalesByTheInverseRootOfOnePlusTheVersionsBetween() throws RefusedException {
    LateSpec late = rounds("late: staleness").late();
    assertEquals(1, late.factor(0));
    assertEquals(.7071068, late.factor(1), 5e-8);
    assertEquals(.5773503, late.factor(2), 5e-8);
    assertEquals(.5, late.factor(3));
    assertEquals(10, late.most());
  }

  @Test
  void exponentMostAndAConstantAreTheTasks() throws RefusedException {
    LateSpec steep = rounds("late: staleness\nstaleness: {exponent: 1, most: 4}").late();
    assertEquals(.25, steep.factor(3));
    assertEquals(4, steep.most());
    LateSpec flat = rounds("late: staleness\nstaleness: {function: constant}").late();
    assertEquals(1, flat.factor(7));
  }

  @Test
  void anAsynchronousTaskTakesLateUpdatesAndBuffersTwo() throws RefusedException {
    RoundsSpec rounds = rounds("mode: asynchronous");
    assertTrue(rounds.isAsynchronous());
    assertTrue(rounds.late().keeps());
    assertEquals(2, rounds.buffer());
    assertEquals(1, rounds("mode: asynchronous\nbuffer: 1").buffer());
  }
}
