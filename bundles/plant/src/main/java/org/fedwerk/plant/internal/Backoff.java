// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.plant.internal;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** Waiting between attempts: doubles up to a bound, with jitter. For one thread. */
public final class Backoff {
  private final Duration first;
  private final Duration most;
  private Duration next;

  /** Begins at the first wait and doubles to the most. */
  public Backoff(Duration first, Duration most) {
    this.first = first;
    this.most = most;
    this.next = first;
  }

  /** Waits between half of the next time and all of it. */
  public void await() throws InterruptedException {
    long millis = next.toMillis();
    TimeUnit.MILLISECONDS.sleep(millis / 2 + ThreadLocalRandom.current().nextLong(millis / 2 + 1));
    Duration doubled = next.multipliedBy(2);
    next = doubled.compareTo(most) > 0 ? most : doubled;
  }

  /** After a success. */
  public void reset() {
    next = first;
  }
}
