// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.learn.internal;

import java.util.ArrayList;
import java.util.List;

/**
 * Adaptive windowing, ADWIN2 (Bifet and Gavalda, Learning from time-changing data with adaptive
 * windowing, SIAM SDM 2007): a window over a stream of values from 0 to 1 that drops its older part
 * when the means of the two parts differ by more than chance explains. The window is kept as an
 * exponential histogram: rows of at most {@value #PER_ROW} buckets, those of row i hold 2^i values.
 *
 * <p>Parts of n0 and n1 values with 1/m = 1/n0 + 1/n1 are cut where their means differ by more than
 * sqrt(2/m variance ln(2/d)) + 2/(3m) ln(2/d), d = delta / ln(n); the variance is the window's.
 */
final class Adwin {
  /** The paper's M. */
  private static final int PER_ROW = 5;

  /** Parts of fewer values say nothing. */
  private static final int LEAST = 5;

  private final double delta;

  /** Row by row from the smallest buckets, each row newest first. */
  private final List<List<Bucket>> rows = new ArrayList<>();

  private long count;
  private double sum;
  private double squares;

  /**
   * Values that are kept together.
   *
   * @param squares sum of squared distances from their mean
   */
  private record Bucket(long count, double sum, double squares) {
    double mean() {
      return sum / count;
    }

    Bucket with(Bucket other) {
      double apart = mean() - other.mean();
      double between = (double) count * other.count / (count + other.count) * apart * apart;
      return new Bucket(count + other.count, sum + other.sum, squares + other.squares + between);
    }
  }

  /**
   * Where a window was cut.
   *
   * @param difference of the means of its parts
   * @param bound what the difference had to exceed
   */
  record Cut(double difference, double bound) {
    /** Nothing was cut. */
    static final Cut NONE = new Cut(0, 0);
  }

  /**
   * An empty window.
   *
   * @param delta chance of a false cut, above 0, below 1
   */
  Adwin(double delta) {
    this.delta = delta;
  }

  /** Values in the window. */
  long count() {
    return count;
  }

  /** Mean of the window; NaN while it is empty. */
  double mean() {
    return sum / count;
  }

  /**
   * Takes a value.
   *
   * @param value 0 to 1
   * @return the cut of the largest difference, if the window was cut
   */
  Cut add(double value) {
    insert(new Bucket(1, value, 0));
    Cut most = Cut.NONE;
    for (Cut cut = cut(); cut != Cut.NONE; cut = cut()) {
      most = cut.difference() > most.difference() ? cut : most;
    }
    return most;
  }

  private void insert(Bucket bucket) {
    if (rows.isEmpty()) {
      rows.add(new ArrayList<>());
    }
    rows.get(0).add(0, bucket);
    for (int i = 0; rows.get(i).size() > PER_ROW; i++) {
      if (i + 1 == rows.size()) {
        rows.add(new ArrayList<>());
      }
      List<Bucket> row = rows.get(i);
      Bucket oldest = row.remove(row.size() - 1);
      Bucket older = row.remove(row.size() - 1);
      rows.get(i + 1).add(0, oldest.with(older));
    }
    total();
  }

  private void total() {
    Bucket all = null;
    for (List<Bucket> row : rows) {
      for (Bucket each : row) {
        all = all == null ? each : all.with(each);
      }
    }
    count = all == null ? 0 : all.count();
    sum = all == null ? 0 : all.sum();
    squares = all == null ? 0 : all.squares();
  }

  /** Drops the oldest bucket if some cut of the window shows that its parts differ. */
  private Cut cut() {
    long older = 0;
    double olderSum = 0;
    for (int i = rows.size() - 1; i >= 0; i--) {
      List<Bucket> row = rows.get(i);
      for (int k = row.size() - 1; k >= 0; k--) {
        older += row.get(k).count();
        olderSum += row.get(k).sum();
        long newer = count - older;
        if (older < LEAST || newer < LEAST) {
          continue;
        }
        double difference = Math.abs(olderSum / older - (sum - olderSum) / newer);
        double bound = bound(delta, older, newer, squares / count);
        if (difference > bound) {
          dropOldest();
          return new Cut(difference, bound);
        }
      }
    }
    return Cut.NONE;
  }

  private void dropOldest() {
    List<Bucket> last = rows.get(rows.size() - 1);
    last.remove(last.size() - 1);
    if (last.isEmpty()) {
      rows.remove(rows.size() - 1);
    }
    total();
  }

  /** What the difference of means must exceed. */
  static double bound(double delta, long older, long newer, double variance) {
    double inverse = 1.0 / older + 1.0 / newer;
    double chance = Math.log(2 * Math.log(older + newer) / delta);
    return Math.sqrt(2 * inverse * variance * chance) + 2.0 / 3 * inverse * chance;
  }
}
