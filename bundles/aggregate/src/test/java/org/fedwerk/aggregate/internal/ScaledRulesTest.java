// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.aggregate.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.fedwerk.api.aggregate.Aggregator;
import org.fedwerk.api.aggregate.UpdateFacts;
import org.fedwerk.api.data.LabelSpec;
import org.fedwerk.api.data.Schema;
import org.fedwerk.api.data.WindowSpec;
import org.fedwerk.api.learn.TrainingSpec;
import org.fedwerk.api.task.CohortSpec;
import org.fedwerk.api.task.CompressionSpec;
import org.fedwerk.api.task.LateSpec;
import org.fedwerk.api.task.LocalSpec;
import org.fedwerk.api.task.ModelSpec;
import org.fedwerk.api.task.PromotionSpec;
import org.fedwerk.api.task.RoundsSpec;
import org.fedwerk.api.task.StrategySpec;
import org.fedwerk.api.task.Task;
import org.junit.jupiter.api.Test;

/** FedNova and q-FedAvg: federated averaging of updates that are scaled first. */
class ScaledRulesTest {
  private static final double[] EVEN = {1, 1};

  private static Task task(TrainingSpec training, double fairness) {
    return new Task(
        "t",
        "o",
        "p",
        new Schema(
            "s",
            1,
            List.of(),
            new WindowSpec(1, Duration.ofSeconds(1), Duration.ofSeconds(1)),
            new LabelSpec("l", List.of("a", "b"), Duration.ofHours(1))),
        new ModelSpec("linear", List.of()),
        training,
        "site",
        new StrategySpec("x", StrategySpec.Weights.SAMPLES, 1, fairness, StrategySpec.Server.NONE),
        new RoundsSpec(
            1,
            1,
            1,
            "loss",
            1,
            1,
            1,
            Duration.ofSeconds(1),
            null,
            CohortSpec.ALL,
            LateSpec.DROP,
            0),
        "none",
        1,
        Duration.ZERO,
        1,
        PromotionSpec.TASK,
        LocalSpec.NONE,
        CompressionSpec.NONE,
        null,
        null,
        null,
        null);
  }

  private static TrainingSpec sgd(double rate, double momentum, double proximal) {
    return new TrainingSpec("sgd", rate, momentum, 1, 1, false, 0, proximal, 0);
  }

  private static double fold(
      Aggregator rule, Task task, double[] weights, double[] deltas, List<UpdateFacts> facts) {
    double[] factors = rule.factors(task, facts, weights);
    float[][] scaled = new float[deltas.length][1];
    for (int k = 0; k < deltas.length; k++) {
      scaled[k][0] = (float) (factors[k] * deltas[k]);
    }
    return rule.aggregate(List.of(scaled), weights)[0];
  }

  private static UpdateFacts steps(double steps) {
    return new UpdateFacts(steps, Double.NaN, Double.NaN);
  }

  /** Design, algorithms, section Aggregators. */
  @Test
  void fedNovaTakesTheStepOfTheDesign() {
    Task task = task(sgd(0.1, 0, 0), 0);
    List<UpdateFacts> facts = List.of(steps(2), steps(6));
    double made = fold(new FedNova(), task, EVEN, new double[] {1, 4}, facts);
    assertEquals(2.33333, made, 5e-6);
    assertEquals(2.5, fold(new FedAvg(), task, EVEN, new double[] {1, 4}, facts), 1e-6);
  }

  /** With equal steps it is averaging, with whatever weights. */
  @Test
  void fedNovaIsAveragingWhereStepsAreEqual() {
    double[] factors =
        new FedNova()
            .factors(
                task(sgd(0.1, 0.9, 0.5), 0), List.of(steps(7), steps(7)), new double[] {3, 11});
    assertArrayEquals(new double[] {1, 1}, factors, 1e-12);
  }

  /** Wang et al. 2020, section 4.1: a = (t - r (1 - r^t) / (1 - r)) / (1 - r) with momentum r. */
  @Test
  void fedNovaCountsWhatMomentumAddsToEachGradient() {
    double[] factors =
        new FedNova().factors(task(sgd(0.1, 0.9, 0), 0), List.of(steps(5), steps(20)), EVEN);
    double five = (5 - 0.9 * (1 - Math.pow(0.9, 5)) / 0.1) / 0.1;
    double twenty = (20 - 0.9 * (1 - Math.pow(0.9, 20)) / 0.1) / 0.1;
    assertEquals(twenty / five, factors[0] / factors[1], 1e-9);
  }

  /** The same, with FedProx: a = (1 - (1 - rate mu)^t) / (rate mu). */
  @Test
  void fedNovaCountsWhatThePullTakesFromEachGradient() {
    double[] factors =
        new FedNova().factors(task(sgd(0.1, 0, 2), 0), List.of(steps(5), steps(20)), EVEN);
    assertEquals((1 - Math.pow(0.8, 20)) / (1 - Math.pow(0.8, 5)), factors[0] / factors[1], 1e-9);
  }

  /** Two quadratics with minima at -1 and 3; the second site makes nine steps for one. */
  @Test
  void fedNovaComesToTheMinimumThatUnequalStepsHideFromAveraging() {
    Task task = task(sgd(0.1, 0, 0), 0);
    double average = converged(new FedAvg(), task);
    double normalised = converged(new FedNova(), task);
    assertTrue(average > 2, "averaging leans to the busy site: " + average);
    assertEquals(1, normalised, 0.5);
  }

  private static double converged(Aggregator rule, Task task) {
    double x = 0;
    for (int round = 0; round < 300; round++) {
      double[] deltas = {local(x, -1, 1) - x, local(x, 3, 9) - x};
      x += fold(rule, task, EVEN, deltas, List.of(steps(1), steps(9)));
    }
    return x;
  }

  private static double local(double start, double minimum, int steps) {
    double x = start;
    for (int i = 0; i < steps; i++) {
      x -= 0.1 * (x - minimum);
    }
    return x;
  }

  private static UpdateFacts fair(double loss, double delta) {
    return new UpdateFacts(Double.NaN, loss, delta * delta);
  }

  /** Design, algorithms, section Aggregators. */
  @Test
  void qFedAvgTakesTheStepOfTheDesign() {
    double made =
        fold(
            new QFedAvg(),
            task(sgd(0.1, 0, 0), 1),
            new double[] {5, 2},
            new double[] {1, 3},
            List.of(fair(1, 1), fair(2, 3)));
    assertEquals(0.0679611650523, made, 1e-8);
  }

  @Test
  void qFedAvgWithoutFairnessIsTheMeanOverSites() {
    double made =
        fold(
            new QFedAvg(),
            task(sgd(0.1, 0, 0), 0),
            new double[] {5, 2},
            new double[] {1, 3},
            List.of(fair(1, 1), fair(2, 3)));
    assertEquals(2, made, 1e-6);
  }

  /** Two quadratics of unlike curvature: the flatter one's loss stays high under averaging. */
  @Test
  void qFedAvgBringsTheLossesOfSitesTogether() {
    double[] spread = new double[2];
    for (int q = 0; q < 2; q++) {
      double x = 0;
      Task task = task(sgd(0.1, 0, 0), 5 * q);
      for (int round = 0; round < 3000; round++) {
        double a = -0.1 * 8 * (x - 1);
        double b = -0.1 * (x + 1);
        x +=
            fold(
                new QFedAvg(),
                task,
                EVEN,
                new double[] {a, b},
                List.of(fair(4 * (x - 1) * (x - 1), a), fair((x + 1) * (x + 1) / 2, b)));
      }
      spread[q] = Math.abs(4 * (x - 1) * (x - 1) - (x + 1) * (x + 1) / 2);
    }
    assertTrue(spread[1] < 0.5 * spread[0], spread[0] + " and " + spread[1]);
  }

  @Test
  void factsThatCannotBeAreRefusedWithTheUpdateThatHasThem() {
    Task task = task(sgd(0.1, 0, 0), 1);
    assertRefused("update 1", new FedNova(), task, List.of(steps(1), steps(0)));
    assertRefused("update 0", new FedNova(), task, List.of(UpdateFacts.NONE, steps(3)));
    assertRefused("update 1", new QFedAvg(), task, List.of(fair(1, 1), fair(-1, 1)));
    assertRefused("strategy.q", new QFedAvg(), task, List.of(fair(1, 1), fair(1, Double.NaN)));
    Task strong = task(sgd(1, 0, 2), 0);
    assertRefused("below 1", new FedNova(), strong, List.of(steps(2), steps(2)));
  }

  private static void assertRefused(
      String part, Aggregator rule, Task task, List<UpdateFacts> facts) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> rule.factors(task, facts, EVEN))
            .getMessage();
    assertTrue(message.contains(part), message);
  }
}
