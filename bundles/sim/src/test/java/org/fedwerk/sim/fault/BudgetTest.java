// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a model may cost, from the document to the sites. */
class BudgetTest {
  private static String task(String budget) {
    return Bench.task(1, "max: 1, cohort-least: 3, quorum: 3, stall: 30m")
        .replace("hidden: [3]}", "hidden: [3], budget: {" + budget + "}}");
  }

  @Test
  void aModelBeyondItIsRefusedWithLineAndKeyBeforeAnyRound() {
    VirtualFederation federation = new VirtualFederation(VirtualFederation.Setup.plain());
    federation.start();
    String yaml = task("parameters: 22, bytes-per-round: 100");
    int line = yaml.substring(0, yaml.indexOf("model:")).split("\n", -1).length;
    federation.submit(yaml);
    IllegalStateException refused =
        assertThrows(
            IllegalStateException.class,
            () -> federation.run(Duration.ofMinutes(1), () -> !federation.tasks().isEmpty()));
    String message = refused.getMessage();
    assertTrue(
        message.contains(
            "line "
                + line
                + ", model.budget.parameters: the model has 23 parameters, the budget 22"),
        message);
    assertTrue(message.contains("line " + line + ", model.budget.bytes-per-round: "), message);
    assertEquals(0, federation.tasks().size());
  }

  @Test
  void sitesThatAreFastEnoughTakePart() {
    VirtualFederation federation = new VirtualFederation(VirtualFederation.Setup.plain());
    federation.start();
    federation.submit(task("parameters: 23, milliseconds-per-prediction: 60000"));
    assertTrue(
        federation.run(
            Duration.ofHours(1),
            () ->
                federation.tasks().stream()
                    .anyMatch(each -> each.run().state().equals("finished"))));
  }
}
