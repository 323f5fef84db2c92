// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.learn.internal;

import java.util.Arrays;
import org.fedwerk.api.learn.DriftDetector;

/**
 * Population stability index: the sum over bins of (a - e) ln(a / e), where e is the share of the
 * reference in a bin and a that of the window. Bins are bounded by quantiles of the reference. Half
 * a value is added to each bin, so that an empty one has a logarithm.
 *
 * <p>Without any drift the index is about (1/n + 1/m) times a chi-square variable of bins - 1
 * degrees of freedom (Yurdakul and Naranjo 2020), so with few values it exceeds any fixed bound by
 * chance. What counts as drift therefore also exceeds what chance alone does once in a thousand
 * judgements.
 */
final class StabilityIndex implements DriftDetector {
  private static final double SMOOTHING = 0.5;

  /** The standard normal quantile of 0.999. */
  private static final double Z = 3.090232306167813;

  private final double bound;
  private final double[] edges;
  private final long[] reference;
  private long[] counts;

  /**
   * Nothing has come.
   *
   * @param bound index from which it is drift
   * @param bins at least 2
   * @param reference finite values, in any order
   */
  StabilityIndex(double bound, int bins, double[] reference) {
    this.bound = bound;
    double[] sorted = reference.clone();
    Arrays.sort(sorted);
    edges = edges(sorted, bins);
    this.reference = new long[edges.length + 1];
    for (double value : sorted) {
      this.reference[bin(value)]++;
    }
    counts = new long[this.reference.length];
  }

  /** Upper ends of all bins but the last, each once; a bin holds its upper end. */
  private static double[] edges(double[] sorted, int bins) {
    int n = sorted.length;
    if (n == 0) {
      return new double[0];
    }
    double[] ends = new double[bins];
    for (int i = 1; i < bins; i++) {
      ends[i] = sorted[(int) Math.max(0, ((long) i * n + bins - 1) / bins - 1)];
    }
    // Where the least value fills a bin, as with a constant signal, what is below has its own.
    ends[0] = ends[1] == sorted[0] ? Math.nextDown(sorted[0]) : ends[1];
    return Arrays.stream(ends).distinct().toArray();
  }

  private int bin(double value) {
    int at = Arrays.binarySearch(edges, value);
    return at >= 0 ? at : -at - 1;
  }

  @Override
  public void add(double value) {
    if (Double.isFinite(value)) {
      counts[bin(value)]++;
    }
  }

  @Override
  public Verdict judge() {
    long[] judged = counts;
    counts = new long[judged.length];
    long before = Arrays.stream(reference).sum();
    long now = Arrays.stream(judged).sum();
    if (before == 0 || now == 0) {
      return new Verdict(Double.NaN, bound);
    }
    return new Verdict(of(reference, judged), Math.max(bound, chance(judged.length, before, now)));
  }

  /** The index of two histograms over the same bins, each with at least one value. */
  static double of(long[] reference, long[] window) {
    double before = Arrays.stream(reference).sum() + SMOOTHING * reference.length;
    double now = Arrays.stream(window).sum() + SMOOTHING * window.length;
    double sum = 0;
    for (int i = 0; i < reference.length; i++) {
      double expected = (reference[i] + SMOOTHING) / before;
      double actual = (window[i] + SMOOTHING) / now;
      sum += (actual - expected) * Math.log(actual / expected);
    }
    return sum;
  }

  /**
   * What the index exceeds by chance once in a thousand times; the chi-square quantile by Wilson
   * and Hilferty (1931).
   */
  static double chance(int bins, long reference, long window) {
    double freedom = bins - 1.0;
    double ninth = 2 / (9 * freedom);
    double quantile = freedom * Math.pow(1 - ninth + Z * Math.sqrt(ninth), 3);
    return quantile * (1.0 / reference + 1.0 / window);
  }
}
