// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.learn.internal;

import org.fedwerk.api.learn.Evaluation;
import org.fedwerk.api.learn.LabelledInputs;

/** Counts how well class probabilities meet the actual classes. */
final class ProbabilityEvaluation {
  /** Least probability in a logarithm: one certain mistake costs 16.1, not infinity. */
  static final double LEAST_PROBABILITY = 1e-7;

  private static final int TWO = 2;

  private ProbabilityEvaluation() {}

  /** What a row of probabilities says. */
  private interface Rule {
    int predicted(float[] probabilities, int row);
  }

  /** The most likely class is predicted. */
  static Evaluation of(int classes, LabelledInputs inputs, float[] probabilities) {
    return of(classes, inputs, probabilities, (all, row) -> mostLikely(all, row, classes));
  }

  /**
   * Of two classes the second is predicted from a threshold on.
   *
   * @param threshold of its probability
   */
  static Evaluation of(LabelledInputs inputs, float[] probabilities, double threshold) {
    return of(TWO, inputs, probabilities, (all, row) -> all[row + 1] >= threshold ? 1 : 0);
  }

  private static Evaluation of(
      int classes, LabelledInputs inputs, float[] probabilities, Rule rule) {
    int count = inputs.count();
    if (probabilities.length != (long) count * classes) {
      throw new IllegalArgumentException(
          "expected " + count + " x " + classes + " probabilities, got " + probabilities.length);
    }
    long[][] confusion = new long[classes][classes];
    long[][] histogram = new long[2][Evaluation.BINS];
    double lossSum = 0;
    for (int n = 0; n < count; n++) {
      int actual = inputs.classes()[n];
      if (actual < 0 || actual >= classes) {
        throw new IllegalArgumentException(
            "example " + n + " has class index " + actual + " of " + classes + " classes");
      }
      int row = n * classes;
      for (int k = 0; k < classes; k++) {
        require(probabilities[row + k], k);
      }
      confusion[actual][rule.predicted(probabilities, row)]++;
      // StrictMath: the same sum on every machine
      lossSum -= StrictMath.log(Math.max(probabilities[row + actual], LEAST_PROBABILITY));
      histogram[actual == classes - 1 ? 1 : 0][bin(probabilities[row + classes - 1])]++;
    }
    return new Evaluation(count, lossSum, confusion, histogram);
  }

  /** Of equally likely classes the first. */
  private static int mostLikely(float[] probabilities, int row, int classes) {
    int best = 0;
    for (int k = 1; k < classes; k++) {
      if (probabilities[row + k] > probabilities[row + best]) {
        best = k;
      }
    }
    return best;
  }

  private static void require(float probability, int classIndex) {
    if (!(probability >= 0 && probability <= 1.0001f)) {
      throw new IllegalArgumentException(
          "probability " + probability + " of class " + classIndex + " is not between 0 and 1");
    }
  }

  private static int bin(float probability) {
    return Math.min(Evaluation.BINS - 1, (int) (probability * Evaluation.BINS));
  }
}
