// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.task.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.fedwerk.api.Refusal;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.task.LocalSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LocalSectionTest {
  private static LocalSpec local(String group) throws RefusedException {
    String yaml = RefusalsTest.LEAST + "local: {" + group + "}\n";
    return new YamlTaskReader().read(yaml).task().local();
  }

  @Test
  void withoutAGroupTrainingIsPlain() throws RefusedException {
    assertEquals(LocalSpec.NONE, new YamlTaskReader().read(RefusalsTest.LEAST).task().local());
  }

  @Test
  void whatSitesDoIsTheTasks() throws RefusedException {
    assertEquals(
        new LocalSpec(true, List.of(), 0, 0, 0, true, LocalSpec.FineTune.NONE, 1),
        local("scaffold: on, sampling: balanced"));
    assertEquals(
        new LocalSpec(
            false, List.of("dense1", "dense2"), 2, 0, 3, false, LocalSpec.FineTune.NONE, 1),
        local("layers: [dense1, dense2], head-epochs: 2, patience: 3"));
    assertEquals(0.25, local("ditto: 0.25").ditto());
    assertEquals(3, local("clusters: 3").clusters());
    assertEquals(
        new LocalSpec.FineTune(1, 5, 0.01), local("fine-tune: {layers: 1, rate: 0.01}").fineTune());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          optimizer: adam |            | scaffold: on                | local.scaffold    | training.optimizer: adam
          momentum: 0.9   |            | scaffold: on                | local.scaffold    | sgd with momentum
          proximal: 0.1   |            | scaffold: on                | local.scaffold    | training.proximal
          decay: 0        |            | scaffold: on, patience: 2   | local.scaffold    | does not go with patience
          decay: 0        | late: staleness | scaffold: on           | local.scaffold    | does not go with late updates
          decay: 0        | late: staleness | layers: [dense2]       | local.layers      | does not go with late updates
          decay: 0        | late: staleness | ditto: 1               | local.ditto       | does not go with late updates
          decay: 0        |            | head-epochs: 1              | local.head-epochs | needs layers
          decay: 0        |            | layers: [dense2], ditto: 1  | local.ditto       | does not go with layers
          class-weights: balanced |    | sampling: balanced          | local.sampling    | class-weights: balanced
          class-weights: {high: 5} |   | sampling: balanced          | local.sampling    | balanced does not go with training.class-weights;
          decay: 0        |            | clusters: 17                | local.clusters    | from 1 to 16
          decay: 0        | late: staleness | clusters: 2            | local.clusters    | does not go with late updates
          decay: 0        |            | clusters: 2, scaffold: on   | local.clusters    | does not go with scaffold
          decay: 0        |            | clusters: 2, ditto: 1       | local.clusters    | does not go with ditto
          decay: 0        |            | clusters: 2, layers: [dense2] | local.clusters  | does not go with layers
          decay: 0        |            | scafold: on                 | local.scafold     | did you mean "scaffold"?
          decay: 0        |            | fine-tune: {rate: 0.1}      | local.fine-tune.layers | is missing; give how many layers
          decay: 0        |            | fine-tune: {layers: 1}      | local.fine-tune.rate | is missing; give the learning rate
          decay: 0        |            | ditto: 1, fine-tune: {layers: 1, rate: 1} | local.fine-tune | does not go with ditto
          decay: 0        |            | ditto: 200                  | local.ditto       | a number from 0 to 100
          """)
  void choicesThatDoNotGoTogetherAreRefusedByNameAndKey(
      String training, String rounds, String group, String key, String what) {
    String yaml = RefusalsTest.LEAST.replace("rate: 0.1", "rate: 0.1\n  " + training);
    if (rounds != null) {
      yaml = yaml.replace("  max: 5\n", "  max: 5\n  " + rounds + "\n");
    }
    assertRefused(yaml + "local: {" + group + "}\n", key, what);
  }

  @Test
  void scaffoldGoesWithPlainAveragingOnly() {
    String enough = RefusalsTest.LEAST.replace("  max: 5\n", "  max: 5\n  examples-least: 10\n");
    String scaffold = "local: {scaffold: on}\n";
    assertRefused(
        enough + "strategy: {aggregator: fednova}\n" + scaffold,
        "local.scaffold",
        "strategy.aggregator: fednova");
    assertRefused(
        enough + "strategy: {aggregator: fednova}\nlocal: {patience: 2}\n",
        "local.patience",
        "does not go with strategy.aggregator: fednova");
    assertRefused(
        enough + "strategy: {optimizer: fedavgm}\n" + scaffold,
        "local.scaffold",
        "strategy.optimizer: fedavgm");
  }

  private static void assertRefused(String yaml, String key, String what) {
    List<Refusal> refusals =
        assertThrows(RefusedException.class, () -> new YamlTaskReader().read(yaml)).refusals();
    assertTrue(
        refusals.stream().anyMatch(each -> each.where().equals(key) && each.what().contains(what)),
        refusals.toString());
  }
}
