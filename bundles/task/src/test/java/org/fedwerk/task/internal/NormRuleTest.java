// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.task.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.task.ModelSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Batch normalisation in a task. */
class NormRuleTest {
  private static String yaml(String model, String more) {
    return RefusalsTest.LEAST
            .replace("architecture: mlp\n  hidden: [8]", model.replace(", ", "\n  "))
            .replace("rounds:\n", "rounds:\n  examples-least: 10\n")
        + more;
  }

  private static ModelSpec model(String model, String more) throws RefusedException {
    return new YamlTaskReader().read(yaml(model, more)).task().model();
  }

  @Test
  void aTaskSaysWhetherAndTheLayersHaveNames() throws RefusedException {
    assertFalse(model("architecture: mlp, hidden: [8]", "").norm());
    assertFalse(model("architecture: mlp, hidden: [8], norm: none", "").norm());
    ModelSpec mlp = model("architecture: mlp, hidden: [8]", "");
    assertEquals(List.of(), mlp.norms());
    assertEquals(
        List.of("norm1"), model("architecture: mlp, hidden: [8], norm: batch", "").norms());
    assertEquals(
        List.of("block1.norm1", "block1.norm2"),
        model("architecture: tcn, hidden: [8], norm: batch", "").norms());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "strategy: {optimizer: fedadam, rate: 0.1}\n",
        "strategy: {aggregator: fednova}\n",
        "local: {scaffold: on}\n",
      })
  void statisticsAreAveragedAndNothingElse(String other) throws RefusedException {
    RefusedException refused =
        assertThrows(
            RefusedException.class,
            () -> model("architecture: mlp, hidden: [8], norm: batch", other));
    assertTrue(
        refused.getMessage().contains("let norm1 stay at the sites by local.layers"),
        refused.getMessage());
    String kept =
        other.startsWith("local:")
            ? other.replace("{", "{layers: [norm1], ")
            : other + "local: {layers: [norm1]}\n";
    assertTrue(model("architecture: mlp, hidden: [8], norm: batch", kept).norm());
  }

  @Test
  void anArchitectureWithoutItIsRefusedByName() {
    RefusedException refused =
        assertThrows(
            RefusedException.class,
            () -> model("architecture: lstm, hidden: [8], norm: batch", ""));
    assertEquals("model.norm", refused.refusals().get(0).where());
    assertTrue(refused.getMessage().contains("mlp, cnn1d, cnn2d, tcn, not for lstm"));
  }
}
