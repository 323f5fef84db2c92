// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.learn.internal;

import org.fedwerk.api.data.Example;
import org.fedwerk.api.learn.Counts;
import org.fedwerk.api.learn.Evaluation;
import org.fedwerk.api.learn.LabelledInputs;

/** Anomaly scores, and how well they part normal parts from defects. */
final class AnomalyEvaluation {
  private AnomalyEvaluation() {}

  /** Mean squared error of each example over the values that were there. */
  static double[] scores(LabelledInputs inputs, float[] rebuilt) {
    if (rebuilt.length != inputs.values().length || inputs.targets().length != rebuilt.length) {
      throw new IllegalArgumentException(
          "expected "
              + inputs.values().length
              + " values and targets, got "
              + rebuilt.length
              + " and "
              + inputs.targets().length);
    }
    double[] scores = new double[inputs.count()];
    int width = inputs.count() == 0 ? 0 : rebuilt.length / inputs.count();
    for (int n = 0; n < scores.length; n++) {
      scores[n] = score(inputs.targets(), rebuilt, n * width, width);
      if (!Double.isFinite(scores[n])) {
        throw new IllegalArgumentException("the anomaly score of example " + n + " is no number");
      }
    }
    return scores;
  }

  private static double score(float[] targets, float[] rebuilt, int from, int width) {
    double sum = 0;
    int present = 0;
    for (int i = from; i < from + width; i++) {
      if (!Float.isNaN(targets[i])) {
        double error = (double) rebuilt[i] - targets[i];
        sum += error * error;
        present++;
      }
    }
    return present == 0 ? 0 : sum / present;
  }

  static Evaluation of(LabelledInputs inputs, double[] scores, double threshold) {
    if (scores.length != inputs.count() || inputs.classes().length != inputs.count()) {
      throw new IllegalArgumentException(
          "expected "
              + inputs.count()
              + " scores and classes, got "
              + scores.length
              + " and "
              + inputs.classes().length);
    }
    double scale = threshold > 0 && Double.isFinite(threshold) ? threshold : 1;
    long[] cells = new long[4];
    long[][] histogram = new long[2][Evaluation.BINS];
    double lossSum = 0;
    for (int n = 0; n < scores.length; n++) {
      boolean defect = inputs.classes()[n] == Example.DEFECT;
      boolean alarm = scores[n] > threshold;
      cells[(defect ? 2 : 0) + (alarm ? 1 : 0)]++;
      histogram[defect ? 1 : 0][bin(scores[n] / (scores[n] + scale))]++;
      lossSum += defect ? 0 : scores[n];
    }
    Counts defects = new Counts(cells[0], cells[1], cells[2], cells[3]);
    return Evaluation.ofAnomalies(lossSum, defects, histogram);
  }

  /** Divided by the site's own threshold, scores of different machines can be added up. */
  private static int bin(double share) {
    return Math.min(Evaluation.BINS - 1, (int) (share * Evaluation.BINS));
  }
}
