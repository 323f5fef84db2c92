// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.task;

import java.util.Arrays;

/**
 * From which anomaly score on a part is an alarm. Each site has a threshold of its own for each
 * model that it runs, which never leaves it: what a score of 1 means depends on the machine.
 *
 * @param quantile of the scores of the site's normal validation parts, above 0, below 1
 * @param budget largest share of alarms among recent predictions that is not worth a look, 0 to 1;
 *     1 for no budget
 * @param recent how many predictions are recent, at least 1
 */
public record ThresholdSpec(double quantile, double budget, int recent) {
  /** What an alarm is if the task does not say. */
  public static final ThresholdSpec USUAL = new ThresholdSpec(0.99, 1, 100);

  /** 0.07 times 100 is a little more than 7 in binary numbers. */
  private static final double ROUNDING = 1e-9;

  public ThresholdSpec {
    if (!(quantile > 0 && quantile < 1 && budget >= 0 && budget <= 1 && recent >= 1)) {
      throw new IllegalArgumentException(
          "no threshold has quantile " + quantile + ", budget " + budget + ", recent " + recent);
    }
  }

  /**
   * The least score that at least the quantile's share of the given ones do not go beyond: of n
   * scores in ascending order the one in place ceil(quantile n).
   *
   * @param scores of normal parts, at least one; not changed
   * @return rounded up to float32, as which it is kept
   */
  public float of(double[] scores) {
    double[] ascending = scores.clone();
    Arrays.sort(ascending);
    int place = (int) Math.ceil(quantile * ascending.length - ROUNDING);
    double least = ascending[Math.max(1, place) - 1];
    float rounded = (float) least;
    return rounded < least ? Math.nextUp(rounded) : rounded;
  }
}
