// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.task.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.fedwerk.api.RefusedException;
import org.fedwerk.api.task.ModelSpec.Budget;
import org.junit.jupiter.api.Test;

class BudgetTest {
  private static final String MODEL = "  architecture: mlp\n";

  private static String task(String budget) {
    assertTrue(RefusalsTest.LEAST.contains(MODEL));
    return RefusalsTest.LEAST.replace(MODEL, MODEL + "  budget:\n" + budget);
  }

  private static Budget budget(String budget) throws RefusedException {
    return new YamlTaskReader().read(task(budget)).task().model().budget();
  }

  @Test
  void eachBoundMayBeGivenByItself() throws RefusedException {
    assertEquals(
        new Budget(100, 4000, 2.5),
        budget(
            "    parameters: 100\n    bytes-per-round: 4000\n"
                + "    milliseconds-per-prediction: 2.5\n"));
    assertFalse(budget("    parameters: 100\n").boundsPredictions());
    assertTrue(budget("    milliseconds-per-prediction: 5\n").boundsPredictions());
    RefusedException refused =
        assertThrows(RefusedException.class, () -> budget("    milliseconds-per-prediction: 0\n"));
    assertEquals("model.budget.milliseconds-per-prediction", refused.refusals().get(0).where());
  }

  @Test
  void whatIsRefusedLaterHasTheLineOfItsKey() {
    String yaml = task("    parameters: 100\n");
    int line = yaml.substring(0, yaml.indexOf("    parameters:")).split("\n", -1).length;
    YamlTaskReader reader = new YamlTaskReader();
    assertEquals(line, reader.line(yaml, "model.budget.parameters"));
    assertEquals(line - 1, reader.line(yaml, "model.budget.bytes-per-round"), "the group's");
    assertEquals(0, reader.line(yaml, "local.layers"));
    assertEquals(0, reader.line("a: [", "a"));
  }
}
