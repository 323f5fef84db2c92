// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleSupplier;
import org.fedwerk.api.learn.LabelledInputs;
import org.fedwerk.api.learn.TrainedVector;
import org.fedwerk.api.message.Disclosure;
import org.fedwerk.api.message.Metric;
import org.fedwerk.api.task.StrategySpec;
import org.fedwerk.api.task.Task;

/**
 * What a site tells of a training beside its update: the loss, and what the task's strategy asks
 * for; nothing over fewer examples than the task's least count. Pure.
 */
final class TrainingMetrics {
  private TrainingMetrics() {}

  /**
   * The numbers.
   *
   * @param cluster whose model it began with, from 0; told if there are several
   * @param startLoss mean loss at the model that the training began with; asked for if needed
   */
  static List<Metric> of(
      Task task,
      LabelledInputs inputs,
      TrainedVector trained,
      int cluster,
      DoubleSupplier startLoss) {
    long count = trained.lossCount();
    List<Metric> metrics = new ArrayList<>();
    if (task.local().isClustered()) {
      // The update itself says it, whatever the count.
      metrics.add(metric(Metric.TRAIN_CLUSTER, cluster + 1, count));
    }
    if (count < task.leastCount()) {
      return metrics;
    }
    metrics.add(metric(Metric.TRAIN_LOSS, trained.lossSum() / count, count));
    StrategySpec strategy = task.strategy();
    if (strategy.aggregator().equals("fednova")) {
      metrics.add(metric(Metric.TRAIN_STEPS, trained.steps(), count));
    }
    if (strategy.aggregator().equals("qfedavg")) {
      metrics.add(metric(Metric.TRAIN_START_LOSS, startLoss.getAsDouble(), count));
    }
    if (strategy.weights() == StrategySpec.Weights.BALANCE) {
      metrics.add(metric(Metric.TRAIN_BALANCE, balance(inputs.classes(), classes(task)), count));
    }
    return metrics;
  }

  private static int classes(Task task) {
    return task.schema().label().classes().size();
  }

  private static Metric metric(String name, double value, long count) {
    return new Metric(name, value, count, Disclosure.INDIVIDUAL);
  }

  /** Entropy of the classes over that of equal ones: 0 for a single class, 1 for equal ones. */
  static double balance(int[] classes, int known) {
    long[] counts = new long[known];
    Arrays.stream(classes).forEach(each -> counts[each]++);
    double entropy = 0;
    for (long count : counts) {
      if (count > 0) {
        double share = (double) count / classes.length;
        entropy -= share * Math.log(share);
      }
    }
    return Math.max(0, Math.min(1, entropy / Math.log(known)));
  }
}
