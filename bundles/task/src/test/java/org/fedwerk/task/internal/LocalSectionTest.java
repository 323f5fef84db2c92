// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.task.internal;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.fedwerk.api.Refusal;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.task.LocalSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LocalSectionTest {
  private static final String ENOUGH =
      RefusalsTest.LEAST.replace("  max: 5\n", "  max: 5\n  examples-least: 10\n");
  private static final String STRATEGY = "strategy: {%s}\nlocal: {%s}\n";

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
    assertEquals(Optional.empty(), local("clusters: 3").split());
    assertEquals(
        Optional.of(new LocalSpec.Split(0.4, 0.4, 0)), local("clusters: 3, split: {}").split());
    assertEquals(
        Optional.of(new LocalSpec.Split(0.3, 0.1, -0.5)),
        local("clusters: 3, split: {mean: 0.3, largest: 0.1, similarity: -0.5}").split());
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
          decay: 0        |            | split: {}                   | local.split       | needs clusters: 2 or more
          decay: 0        |            | clusters: 2, split: {mean: 0} | local.split.mean | a number above 0, at most 1
          decay: 0        |            | clusters: 2, split: {similarity: -1} | local.split.similarity | a cosine
          decay: 0        |            | clusters: 2, split: {least: 1} | local.split.least | is not a known key
          decay: 0        |            | clusters: 17                | local.clusters    | from 1 to 16
          decay: 0        | late: staleness | clusters: 2            | local.clusters    | does not go with late updates
          decay: 0        |            | clusters: 2, scaffold: on   | local.clusters    | does not go with scaffold
          decay: 0        |            | clusters: 2, ditto: 1       | local.clusters    | does not go with ditto
          decay: 0        |            | clusters: 2, layers: [dense2] | local.clusters  | does not go with layers
          decay: 0        |            | clusters: 2, split: {}, scaffold: on | local.clusters | does not go with scaffold
          decay: 0        |            | clusters: 2, split: {}, layers: [dense2], head-epochs: 1 | local.clusters | does not go with layers
          decay: 0        |            | clusters: 2, split: {}, ditto: 1 | local.clusters | does not go with ditto
          decay: 0        | late: staleness | clusters: 2, split: {} | local.clusters    | does not go with late updates
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

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          scaffold: on | aggregator: fednova            | local.scaffold | strategy.aggregator: fednova
          scaffold: on | aggregator: qfedavg            | local.scaffold | strategy.aggregator: qfedavg
          scaffold: on | optimizer: fedavgm             | local.scaffold | strategy.optimizer: fedavgm
          clusters: 2  | aggregator: fednova            | local.clusters | strategy.aggregator: fednova
          clusters: 2  | aggregator: qfedavg            | local.clusters | strategy.aggregator: qfedavg
          clusters: 2  | optimizer: fedavgm             | local.clusters | strategy.optimizer: fedavgm
          clusters: 2  | optimizer: fedadam, rate: 0.1  | local.clusters | strategy.optimizer: fedadam
          clusters: 2  | optimizer: fedyogi, rate: 0.1  | local.clusters | strategy.optimizer: fedyogi
          clusters: 2, split: {} | aggregator: fednova   | local.clusters | strategy.aggregator: fednova
          clusters: 2, split: {} | aggregator: qfedavg   | local.clusters | strategy.aggregator: qfedavg
          clusters: 2, split: {} | optimizer: fedavgm    | local.clusters | strategy.optimizer: fedavgm
          clusters: 2, split: {} | optimizer: fedadagrad, rate: 0.1 | local.clusters | strategy.optimizer: fedadagrad
          patience: 2  | aggregator: fednova            | local.patience | strategy.aggregator: fednova
          """)
  void whatTheStrategyWouldMakeWrongIsRefusedByNameAndKey(
      String local, String strategy, String key, String what) {
    assertRefused(ENOUGH + STRATEGY.formatted(strategy, local), key, "does not go with " + what);
  }

  @Test
  void clustersLearnNoAnomalies() {
    String anomalies =
        RefusalsTest.LEAST
            .replaceFirst("(?m)^  label:\n.*\n.*$", "  label: {kind: anomaly}")
            .replaceFirst("(?m)^  architecture: mlp$", "  architecture: autoencoder");
    assertRefused(
        anomalies + "local: {clusters: 2}\n",
        "local.clusters",
        "does not go with schema.label.kind: anomaly");
  }

  /** What they come to, the room sim tries in whole federations. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          aggregator: fedavg  | scaffold: on, ditto: 0.1
          aggregator: fedavg  | scaffold: on, layers: [dense2], head-epochs: 1
          aggregator: fedavg  | scaffold: on, fine-tune: {layers: 1, rate: 0.1}
          aggregator: fedavg  | clusters: 2, fine-tune: {layers: 1, rate: 0.1}
          aggregator: fedavg  | clusters: 3, split: {}, patience: 2, fine-tune: {layers: 1, rate: 0.1}
          aggregator: fedavg, weights: uniform | clusters: 3, split: {}
          aggregator: fedavg  | layers: [dense2], fine-tune: {layers: 1, rate: 0.1}
          aggregator: fednova | layers: [dense2], head-epochs: 1
          """)
  void choicesThatGoTogetherAreTaken(String strategy, String local) {
    assertDoesNotThrow(
        () -> new YamlTaskReader().read(ENOUGH + STRATEGY.formatted(strategy, local)));
  }

  /** In whole federations the room sim tries these, too. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "normalisation: federated\n",
        "promotion: {by: person}\n",
        "drift: {method: ks}\n",
        "compression: {values: mask, share: 0.5, precision: int8, zstd: on, skip-below: 0.1}\n"
      })
  void sitesArePartedBesideOtherGroups(String groups) {
    String split = "local: {clusters: 3, split: {}}\n";
    assertDoesNotThrow(() -> new YamlTaskReader().read(ENOUGH + split + groups));
  }

  private static void assertRefused(String yaml, String key, String what) {
    List<Refusal> refusals =
        assertThrows(RefusedException.class, () -> new YamlTaskReader().read(yaml)).refusals();
    assertTrue(
        refusals.stream().anyMatch(each -> each.where().equals(key) && each.what().contains(what)),
        refusals.toString());
  }
}
