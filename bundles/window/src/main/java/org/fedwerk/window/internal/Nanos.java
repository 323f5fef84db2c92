// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.window.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;

/** Source times as nanoseconds since 1970-01-01T00:00Z, which reach from 1677 to 2262. */
final class Nanos {
  private static final long SECOND = 1_000_000_000L;
  private static final long FARTHEST = Long.MAX_VALUE / SECOND - 1;

  private Nanos() {}

  /** Empty for times no machine measures at, such as the 1601 of an unset OPC UA time. */
  static OptionalLong of(Instant time) {
    long seconds = time.getEpochSecond();
    return Math.abs(seconds) > FARTHEST
        ? OptionalLong.empty()
        : OptionalLong.of(seconds * SECOND + time.getNano());
  }

  /** As {@link #of}, times beyond the reach drawn to its ends. */
  static long near(Instant time) {
    long end = time.getEpochSecond() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
    return of(time).orElse(end);
  }

  static Instant instant(long nanos) {
    return Instant.ofEpochSecond(Math.floorDiv(nanos, SECOND), Math.floorMod(nanos, SECOND));
  }

  static long length(Duration duration) {
    return Math.abs(duration.getSeconds()) > FARTHEST ? Long.MAX_VALUE : duration.toNanos();
  }

  /** A later time, never beyond the end of the reach. */
  static long plus(long time, long length) {
    long sum = time + length;
    return length >= 0 && sum < time ? Long.MAX_VALUE : sum;
  }

  /** An earlier time, never beyond the start of the reach. */
  static long minus(long time, long length) {
    long difference = time - length;
    return length >= 0 && difference > time ? Long.MIN_VALUE : difference;
  }
}
