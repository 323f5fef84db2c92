// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.signal.mqtt.internal;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Waits that double up to a limit, each jittered by half of itself so that many clients do not come
 * back together. For one thread.
 */
final class Backoff {
  private static final int SLOW = 10;

  private final Duration least;
  private final Duration most;
  private final RandomGenerator random;
  private Duration next;

  Backoff(Duration least, Duration most, RandomGenerator random) {
    this.least = least;
    this.most = most;
    this.random = random;
    this.next = least;
  }

  /**
   * The wait before the next attempt.
   *
   * @param slow true for ten times the usual wait
   */
  Duration next(boolean slow) {
    long millis = next.toMillis() * (slow ? SLOW : 1);
    Duration doubled = next.multipliedBy(2);
    next = doubled.compareTo(most) > 0 ? most : doubled;
    return Duration.ofMillis(millis / 2 + random.nextLong(millis / 2 + 1));
  }

  /** The next wait is the least one again. */
  void reset() {
    next = least;
  }
}
