// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.learn;

import java.util.Arrays;

/**
 * Counts that can be summed over sites; rates are computed from sums only.
 *
 * @param count examples
 * @param lossSum sum of cross-entropy, natural logarithm
 * @param confusion [actual class x predicted class] counts
 * @param scoreHistogram [2 x 256]: counts of the probability of the highest class index (for two
 *     classes: the second class), in 256 equal bins of [0, 1]; row 0 where the actual class is
 *     another, row 1 where it is that class
 */
public record Evaluation(long count, double lossSum, long[][] confusion, long[][] scoreHistogram) {
  /** Bins of a score histogram. */
  public static final int BINS = 256;

  /** No example yet. */
  public static Evaluation none(int classes) {
    return new Evaluation(0, 0, new long[classes][classes], new long[2][BINS]);
  }

  /** The sum of two evaluations of the same classes. */
  public Evaluation plus(Evaluation other) {
    if (confusion.length != other.confusion.length) {
      throw new IllegalArgumentException(
          "evaluations of " + confusion.length + " and " + other.confusion.length + " classes");
    }
    return new Evaluation(
        count + other.count,
        lossSum + other.lossSum,
        sum(confusion, other.confusion),
        sum(scoreHistogram, other.scoreHistogram));
  }

  private static long[][] sum(long[][] a, long[][] b) {
    long[][] sum = new long[a.length][];
    for (int row = 0; row < a.length; row++) {
      sum[row] = new long[a[row].length];
      for (int column = 0; column < a[row].length; column++) {
        sum[row][column] = a[row][column] + b[row][column];
      }
    }
    return sum;
  }

  /** Mean cross-entropy; NaN without examples. */
  public double loss() {
    return count == 0 ? Double.NaN : lossSum / count;
  }

  /** Share of right predictions; NaN without examples. */
  public double accuracy() {
    long right = 0;
    for (int k = 0; k < confusion.length; k++) {
      right += confusion[k][k];
    }
    return count == 0 ? Double.NaN : (double) right / count;
  }

  /** Mean recall over the classes that occur; NaN without examples. */
  public double balancedAccuracy() {
    double recalls = 0;
    int present = 0;
    for (int k = 0; k < confusion.length; k++) {
      long actual = Arrays.stream(confusion[k]).sum();
      if (actual > 0) {
        recalls += (double) confusion[k][k] / actual;
        present++;
      }
    }
    return present == 0 ? Double.NaN : recalls / present;
  }

  /**
   * A metric by its name in a task: {@code accuracy}, {@code balanced-accuracy} or {@code loss}.
   *
   * @throws IllegalArgumentException for another name
   */
  public double metric(String name) {
    return switch (name) {
      case "accuracy" -> accuracy();
      case "balanced-accuracy" -> balancedAccuracy();
      case "loss" -> loss();
      default -> throw new IllegalArgumentException("no metric named " + name);
    };
  }
}
