// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.task.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.fedwerk.api.Refusal;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.task.StrategySpec;
import org.fedwerk.api.task.StrategySpec.Server;
import org.fedwerk.api.task.StrategySpec.Weights;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StrategySectionTest {
  private static final String ENOUGH =
      RefusalsTest.LEAST.replaceFirst("(?m)^  max: 5$", "  max: 5\n  examples-least: 10");

  private static StrategySpec strategy(String group) throws RefusedException {
    return new YamlTaskReader().read(ENOUGH + "strategy: {" + group + "}\n").task().strategy();
  }

  @Test
  void withoutAGroupItIsFederatedAveragingByExamples() throws RefusedException {
    assertEquals(
        StrategySpec.FEDAVG, new YamlTaskReader().read(RefusalsTest.LEAST).task().strategy());
    assertEquals(StrategySpec.FEDAVG, strategy("aggregator: fedavg"));
  }

  @Test
  void optimizersHaveTheDefaultsOfTheirArticles() throws RefusedException {
    assertEquals(new Server("fedavgm", 1, 0.9, 0, 0), strategy("optimizer: fedavgm").server());
    assertEquals(
        new Server("fedadam", 0.1, 0.9, 0.99, 1e-3),
        strategy("optimizer: fedadam, rate: 0.1").server());
    assertEquals(
        new Server("fedadagrad", 0.1, 0, 0, 1e-3),
        strategy("optimizer: fedadagrad, rate: 0.1").server());
    assertEquals(
        new Server("fedyogi", 0.1, 0.5, 0.9, 0.01),
        strategy("optimizer: fedyogi, rate: 0.1, beta1: 0.5, beta2: 0.9, tau: 0.01").server());
  }

  @Test
  void weightsAndRulesAreTheTasks() throws RefusedException {
    assertEquals(0.4, strategy("weights: capped, weight-cap: 0.4").cap());
    assertEquals(Weights.BALANCE, strategy("weights: balance").weights());
    assertEquals(Weights.UNIFORM, strategy("weights: uniform, aggregator: fednova").weights());
    assertEquals(1, strategy("aggregator: qfedavg").fairness());
    assertEquals(5, strategy("aggregator: qfedavg, q: 5").fairness());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          aggregator: median                  | strategy.aggregator | use one of fedavg, fednova, qfedavg
          optimizer: adam                     | strategy.optimizer  | use one of none, fedavgm
          optimizer: fedadam                  | strategy.rate       | is missing; give the server's learning rate
          rate: 0.1                           | strategy.rate       | needs an optimizer
          optimizer: fedavgm, tau: 0.1        | strategy.tau        | is for fedadagrad, fedadam and fedyogi
          optimizer: fedadagrad, rate: 1, beta2: 0.9 | strategy.beta2 | is for fedadam and fedyogi
          optimizer: fedadam, rate: 0         | strategy.rate       | a number above 0
          optimizer: fedavgm, beta1: 1        | strategy.beta1      | from 0 to below 1
          weights: capped                     | strategy.weight-cap | is missing; give the largest share
          weight-cap: 0.5                     | strategy.weight-cap | needs weights: capped
          weights: capped, weight-cap: 2      | strategy.weight-cap | above 0, at most 1
          q: 1                                | strategy.q          | needs aggregator: qfedavg
          aggregator: qfedavg, optimizer: fedavgm | strategy.optimizer | does not go with aggregator: qfedavg
          aggregator: qfedavg, weights: uniform | strategy.weights  | does not go with aggregator: qfedavg
          """)
  void choicesThatDoNotGoTogetherAreRefusedByNameAndKey(String group, String key, String what) {
    assertRefused(ENOUGH + "strategy: {" + group + "}\n", key, what);
  }

  @Test
  void fedNovaAndQFedAvgAreRefusedWithWhatTheyCannotCount() {
    String nova = "strategy: {aggregator: fednova}\n";
    assertRefused(
        ENOUGH.replace("rate: 0.1", "rate: 0.1\n  optimizer: adam") + nova,
        "strategy.aggregator",
        "does not go with training.optimizer: adam");
    assertRefused(
        ENOUGH.replace("rate: 0.1", "rate: 0.1\n  proximal: 10") + nova,
        "strategy.aggregator",
        "below 1");
    assertRefused(
        ENOUGH.replace("  max: 5\n", "  max: 5\n  late: staleness\n")
            + "strategy: {aggregator: qfedavg}\n",
        "strategy.aggregator",
        "does not go with late updates");
    assertRefused(
        RefusalsTest.LEAST + nova, "strategy.aggregator", "of at least egress.least-count, 10");
    assertRefused(
        RefusalsTest.LEAST + "strategy: {weights: balance}\n",
        "strategy.weights",
        "balance needs rounds.examples-least");
  }

  private static void assertRefused(String yaml, String key, String what) {
    List<Refusal> refusals =
        assertThrows(RefusedException.class, () -> new YamlTaskReader().read(yaml)).refusals();
    assertTrue(
        refusals.stream().anyMatch(each -> each.where().equals(key) && each.what().contains(what)),
        refusals.toString());
  }
}
