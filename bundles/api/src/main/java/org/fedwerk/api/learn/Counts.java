// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.learn;

import java.util.ArrayList;
import java.util.List;

/**
 * How often one class was predicted and right.
 *
 * @param rejected of another class, and not predicted to be of this one
 * @param falseAlarms of another class, but predicted to be of this one
 * @param missed of this class, but not predicted to be
 * @param hits of this class, and predicted to be
 */
public record Counts(long rejected, long falseAlarms, long missed, long hits) {
  /** Of each class of a confusion matrix [actual x predicted], against all others. */
  public static List<Counts> of(long[][] confusion) {
    long all = 0;
    for (long[] row : confusion) {
      for (long cell : row) {
        all += cell;
      }
    }
    List<Counts> each = new ArrayList<>();
    for (int k = 0; k < confusion.length; k++) {
      long actual = 0;
      long predicted = 0;
      for (int other = 0; other < confusion.length; other++) {
        actual += confusion[k][other];
        predicted += confusion[other][k];
      }
      long hits = confusion[k][k];
      each.add(new Counts(all - actual - predicted + hits, predicted - hits, actual - hits, hits));
    }
    return each;
  }

  /** The sum of both. */
  public Counts plus(Counts other) {
    return new Counts(
        rejected + other.rejected,
        falseAlarms + other.falseAlarms,
        missed + other.missed,
        hits + other.hits);
  }

  /** Examples. */
  public long count() {
    return rejected + falseAlarms + missed + hits;
  }

  /** Examples of the class. */
  public long actual() {
    return missed + hits;
  }

  /** Share of those predicted that are of the class; 0 if none was predicted. */
  public double precision() {
    return share(hits, hits + falseAlarms);
  }

  /** Share of those of the class that were predicted; 0 if there is none. */
  public double recall() {
    return share(hits, actual());
  }

  /** Share of the others that were not predicted; 0 if there is none. */
  public double specificity() {
    return share(rejected, rejected + falseAlarms);
  }

  /** Harmonic mean of precision and recall; 0 without a hit. */
  public double f1() {
    return share(2 * hits, 2 * hits + falseAlarms + missed);
  }

  private static double share(long part, long of) {
    return of == 0 ? 0 : (double) part / of;
  }
}
