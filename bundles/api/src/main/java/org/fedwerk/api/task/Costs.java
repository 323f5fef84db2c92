// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.task;

import org.fedwerk.api.learn.Evaluation;

/**
 * What mistakes about a part cost, in tasks of two classes of which the second is the defect.
 *
 * @param missed a defect that is not predicted, above 0
 * @param falseAlarm a good part that is predicted to be defect, above 0
 * @param currency of both, for people
 */
public record Costs(double missed, double falseAlarm, String currency) {
  private static final int PER_PARTS = 1000;

  public Costs {
    if (!(missed > 0 && falseAlarm > 0)) {
      throw new IllegalArgumentException("costs are above 0, not " + missed + ", " + falseAlarm);
    }
  }

  /**
   * Probability of a defect from which an alarm costs less than none, if probabilities are what
   * they say (Elkan 2001, equation 2).
   */
  public double threshold() {
    return falseAlarm / (missed + falseAlarm);
  }

  /**
   * What predictions save against a plant that finds no defect at all, per 1000 parts; below 0
   * where they cost more. A threshold counts as the start of the bin of scores that it lies in.
   *
   * @return in the currency; NaN without examples
   */
  public double saving(Evaluation evaluation, double threshold) {
    return saving(evaluation, Math.min(Evaluation.BINS - 1, (int) (threshold * Evaluation.BINS)));
  }

  /** The threshold that would have saved most; of equals the highest. */
  public double best(Evaluation evaluation) {
    int best = Evaluation.BINS;
    for (int bin = Evaluation.BINS - 1; bin >= 0; bin--) {
      if (saving(evaluation, bin) > saving(evaluation, best)) {
        best = bin;
      }
    }
    return (double) best / Evaluation.BINS;
  }

  private double saving(Evaluation evaluation, int from) {
    double saved = 0;
    for (int bin = from; bin < Evaluation.BINS; bin++) {
      saved += missed * evaluation.scoreHistogram()[1][bin];
      saved -= falseAlarm * evaluation.scoreHistogram()[0][bin];
    }
    return evaluation.count() == 0 ? Double.NaN : PER_PARTS * saved / evaluation.count();
  }
}
