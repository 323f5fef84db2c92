// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.learn.internal;

import java.util.Arrays;
import org.fedwerk.api.learn.DriftDetector;

/**
 * Kolmogorov and Smirnov's test of two samples. Its statistic is the largest distance of the two
 * empirical distribution functions; the bound is Smirnov's asymptotic one, sqrt(-ln(alpha / 2) / 2)
 * sqrt((n + m) / (n m)).
 */
final class KolmogorovSmirnov implements DriftDetector {
  private static final int FIRST = 64;

  private final double significance;
  private final double[] reference;
  private double[] window = new double[FIRST];
  private int size;

  /**
   * Nothing has come.
   *
   * @param significance chance of a false alarm per judgement, above 0, below 1
   * @param reference finite values, in any order
   */
  KolmogorovSmirnov(double significance, double[] reference) {
    this.significance = significance;
    this.reference = reference.clone();
    Arrays.sort(this.reference);
  }

  @Override
  public void add(double value) {
    if (Double.isFinite(value)) {
      if (size == window.length) {
        window = Arrays.copyOf(window, 2 * size);
      }
      window[size++] = value;
    }
  }

  @Override
  public Verdict judge() {
    double[] judged = Arrays.copyOf(window, size);
    size = 0;
    if (judged.length == 0 || reference.length == 0) {
      return new Verdict(Double.NaN, 1);
    }
    Arrays.sort(judged);
    return new Verdict(
        distance(reference, judged), bound(significance, reference.length, judged.length));
  }

  /** The largest distance of the distribution functions of two sorted samples. */
  static double distance(double[] a, double[] b) {
    int i = 0;
    int j = 0;
    double most = 0;
    while (i < a.length && j < b.length) {
      double at = Math.min(a[i], b[j]);
      while (i < a.length && a[i] <= at) {
        i++;
      }
      while (j < b.length && b[j] <= at) {
        j++;
      }
      most = Math.max(most, Math.abs((double) i / a.length - (double) j / b.length));
    }
    return most;
  }

  /** The distance that two samples of one distribution exceed with the given chance. */
  static double bound(double significance, int n, int m) {
    return Math.sqrt(-Math.log(significance / 2) / 2) * Math.sqrt(1.0 / n + 1.0 / m);
  }
}
