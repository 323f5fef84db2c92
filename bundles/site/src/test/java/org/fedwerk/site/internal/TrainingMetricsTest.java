// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.learn.LabelledInputs;
import org.fedwerk.api.learn.TrainedVector;
import org.fedwerk.api.message.Disclosure;
import org.fedwerk.api.message.Metric;
import org.fedwerk.api.task.Task;
import org.fedwerk.task.internal.YamlTaskReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a site tells of a training beside its update. */
class TrainingMetricsTest {
  private static final double START_LOSS = 0.7;

  private static Task task(String groups) throws RefusedException {
    return new YamlTaskReader().read(Tasks.PRESS + groups).task();
  }

  private static List<Metric> told(Task task, int... classes) {
    LabelledInputs inputs =
        new LabelledInputs(classes.length, new float[4 * classes.length], classes);
    TrainedVector trained =
        new TrainedVector(new float[0], 12, 0.25 * classes.length, classes.length);
    return TrainingMetrics.of(task, inputs, trained, 1, () -> START_LOSS);
  }

  private static Metric metric(String name, double value, long count) {
    return new Metric(name, value, count, Disclosure.INDIVIDUAL);
  }

  /** Entropy of the shares of the classes over the logarithm of their number. */
  @ParameterizedTest
  @CsvSource({
    "0 0 0 0, 2, 0",
    "0 1, 2, 1",
    "0 0 0 1, 2, 0.8112781244591328",
    "0 0 0 0 0 0 0 0 0 1, 2, 0.4689955935892812",
    "0 1 2, 3, 1",
    "0 1 0 1, 3, 0.6309297535714575",
    "2 2 2, 3, 0",
  })
  void balanceIsTheEntropyOfClassesOverThatOfEqualOnes(String classes, int known, double balance) {
    int[] each = List.of(classes.split(" ")).stream().mapToInt(Integer::parseInt).toArray();
    assertEquals(balance, TrainingMetrics.balance(each, known), 1e-12);
  }

  @Test
  void aSiteTellsItsLossAndWhatTheStrategyAsksForAndNothingElse() throws RefusedException {
    Metric loss = metric(Metric.TRAIN_LOSS, 0.25, 4);
    assertEquals(List.of(loss), told(task(""), 0, 1, 0, 0));
    assertEquals(
        List.of(loss, metric(Metric.TRAIN_BALANCE, 1, 4)),
        told(task("strategy: {weights: balance}\n"), 0, 1, 0, 1));
    assertEquals(
        List.of(loss, metric(Metric.TRAIN_STEPS, 12, 4)),
        told(task("strategy: {aggregator: fednova}\n"), 0, 1, 0, 0));
    assertEquals(
        List.of(loss, metric(Metric.TRAIN_START_LOSS, START_LOSS, 4)),
        told(task("strategy: {aggregator: qfedavg}\n"), 0, 1, 0, 0));
  }

  @Test
  void overFewerExamplesThanTheLeastCountItTellsNoneButItsCluster() throws RefusedException {
    assertEquals(List.of(), told(task("strategy: {weights: balance}\n"), 0));
    assertEquals(
        List.of(metric(Metric.TRAIN_CLUSTER, 2, 1)), told(task("local: {clusters: 2}\n"), 0));
  }
}
