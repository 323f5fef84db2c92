// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal;

import java.util.List;
import java.util.Optional;
import org.fedwerk.api.aggregate.Aggregator;
import org.fedwerk.api.aggregate.UpdateFacts;
import org.fedwerk.api.learn.TrainingSpec;
import org.fedwerk.api.message.Metric;
import org.fedwerk.api.task.StrategySpec;
import org.fedwerk.api.task.Task;
import org.fedwerk.coordinator.internal.replies.ReplyRecord;

/**
 * What a site must tell beside its update, because the task's rule asks for it. A number that
 * cannot be is refused: a wrong one would give the site another weight than it has.
 */
final class UpdateClaims {
  private final Task task;
  private final Aggregator rule;

  UpdateClaims(TaskContext context) {
    task = context.task();
    rule = context.strategy().aggregator();
  }

  /**
   * Why what a site tells cannot be; empty if it can.
   *
   * @param examples its training examples
   */
  Optional<String> why(double examples, List<Metric> metrics) {
    if (rule.needs().contains(Aggregator.Need.STEPS)) {
      double most = mostSteps(examples);
      double steps = value(metrics, Metric.TRAIN_STEPS);
      if (!(steps >= 1 && steps <= most && steps == Math.rint(steps))) {
        return told(Metric.TRAIN_STEPS, steps, "a whole number from 1 to " + (long) most);
      }
    }
    double loss = value(metrics, Metric.TRAIN_START_LOSS);
    if (rule.needs().contains(Aggregator.Need.START_LOSS)
        && !(loss >= 0 && Double.isFinite(loss))) {
      return told(Metric.TRAIN_START_LOSS, loss, "finite and from 0");
    }
    double cluster = value(metrics, Metric.TRAIN_CLUSTER);
    int clusters = task.local().clusters();
    if (task.local().isClustered()
        && !(cluster >= 1 && cluster <= clusters && cluster == Math.rint(cluster))) {
      return told(Metric.TRAIN_CLUSTER, cluster, "a whole number from 1 to " + clusters);
    }
    double balance = value(metrics, Metric.TRAIN_BALANCE);
    if (isBalanced() && !(balance >= 0 && balance <= 1)) {
      return told(Metric.TRAIN_BALANCE, balance, "from 0 to 1");
    }
    return Optional.empty();
  }

  private static Optional<String> told(String name, double value, String allowed) {
    return Optional.of(
        Double.isNaN(value)
            ? name + " is missing, which the task's strategy needs"
            : name + " is " + value + ", it must be " + allowed);
  }

  /** Steps over all epochs; fewer if the site stops early. */
  private double mostSteps(double examples) {
    TrainingSpec training = task.training();
    return training.epochs() * Math.ceil(examples / training.batch());
  }

  private boolean isBalanced() {
    return task.strategy().weights() == StrategySpec.Weights.BALANCE;
  }

  /** Weights of the replies' updates in the fold. */
  double[] weights(List<ReplyRecord> replies) {
    return SiteWeights.of(
        task.strategy(),
        replies.stream().mapToDouble(ReplyRecord::weight).toArray(),
        replies.stream()
            .mapToDouble(reply -> value(reply.metrics(), Metric.TRAIN_BALANCE))
            .toArray());
  }

  /** What the rule is told of an update. */
  UpdateFacts facts(ReplyRecord reply, double squaredNorm) {
    return new UpdateFacts(
        value(reply.metrics(), Metric.TRAIN_STEPS),
        value(reply.metrics(), Metric.TRAIN_START_LOSS),
        squaredNorm);
  }

  /** The cluster, from 0, that an update is of. */
  static int cluster(ReplyRecord reply) {
    return (int) value(reply.metrics(), Metric.TRAIN_CLUSTER) - 1;
  }

  private static double value(List<Metric> metrics, String name) {
    return metrics.stream()
        .filter(metric -> metric.name().equals(name))
        .mapToDouble(Metric::value)
        .findFirst()
        .orElse(Double.NaN);
  }
}
