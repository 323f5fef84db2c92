// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.baseline;

import java.util.Collection;
import org.fedwerk.api.learn.Evaluation;
import org.fedwerk.api.learn.Metrics;

/**
 * One number of several evaluations.
 *
 * @param metric a metric's name
 * @param union true to add the counts and take the metric of the sum, false for the mean
 */
public record Score(String metric, boolean union) {
  /** NaN if no evaluation has the metric. */
  public double of(Collection<Evaluation> evaluations) {
    if (union) {
      return evaluations.stream()
          .reduce(Evaluation::plus)
          .map(sum -> sum.metric(metric))
          .orElse(Double.NaN);
    }
    return evaluations.stream()
        .mapToDouble(each -> each.metric(metric))
        .filter(value -> !Double.isNaN(value))
        .average()
        .orElse(Double.NaN);
  }

  /** True if one value is better than another; any number is better than none. */
  public boolean isBetter(double value, double than) {
    return Double.isNaN(than) ? !Double.isNaN(value) : Metrics.isBetter(metric, value, than);
  }
}
