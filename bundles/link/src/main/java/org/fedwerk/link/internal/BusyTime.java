// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.link.internal;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.fedwerk.api.link.Throughput;

/** How long larger messages were under way; overlapping ones count once. Thread-safe. */
final class BusyTime {
  private final LongSupplier nanoTime;
  private int underWay;
  private long since;
  private long busyNanos;
  private long bytes;

  BusyTime(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** A message was handed over. */
  synchronized void begins(int size) {
    if (size >= Throughput.LEAST_BYTES && underWay++ == 0) {
      since = nanoTime.getAsLong();
    }
  }

  /**
   * A message has its answer.
   *
   * @param taken false if it failed
   */
  synchronized void ends(int size, boolean taken) {
    if (size < Throughput.LEAST_BYTES) {
      return;
    }
    bytes += taken ? size : 0;
    if (--underWay == 0) {
      busyNanos += nanoTime.getAsLong() - since;
    }
  }

  /** What it came to; of messages under way the time counts already. */
  synchronized Throughput throughput() {
    long now = underWay == 0 ? 0 : nanoTime.getAsLong() - since;
    return new Throughput(bytes, Duration.ofNanos(busyNanos + now));
  }
}
