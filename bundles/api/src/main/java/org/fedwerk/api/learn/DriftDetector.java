// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.learn;

/** Compares what comes of one variable with what a model was trained on. For one thread. */
public interface DriftDetector {
  /** Takes the next value; one that is not finite is passed over. */
  void add(double value);

  /** Judges the values since the last judgement. */
  Verdict judge();

  /**
   * A judgement.
   *
   * @param statistic PSI: the index; KS: the largest distance of the two distribution functions, 0
   *     to 1; ADWIN: the largest difference of means at which the window was cut, in eight standard
   *     deviations of the reference, 0 if it was not. NaN if there was nothing to compare
   * @param bound what the statistic must exceed to be drift
   */
  record Verdict(double statistic, double bound) {
    /** True if it is drift. */
    public boolean isDrift() {
      return statistic > bound;
    }
  }
}
