// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.plant.internal.probe;

import java.util.Arrays;

/** The newest measured durations, for quantiles. Safe for several threads. */
final class Latencies {
  private final long[] nanos;
  private long count;

  Latencies(int capacity) {
    nanos = new long[capacity];
  }

  synchronized void add(long duration) {
    nanos[(int) (count % nanos.length)] = duration;
    count++;
  }

  synchronized long count() {
    return count;
  }

  /** The nearest-rank quantile in milliseconds; NaN before the first duration. */
  double quantileMillis(double share) {
    long[] sorted;
    synchronized (this) {
      sorted = Arrays.copyOf(nanos, (int) Math.min(count, nanos.length));
    }
    if (sorted.length == 0) {
      return Double.NaN;
    }
    Arrays.sort(sorted);
    int rank = (int) Math.ceil(share * sorted.length) - 1;
    return sorted[Math.max(rank, 0)] / 1e6;
  }
}
