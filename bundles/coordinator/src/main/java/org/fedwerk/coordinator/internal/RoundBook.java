// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.fedwerk.coordinator.internal.round.Place;

/**
 * Payload bytes and times of the current round. Bytes count all attempts of a round, and begin anew
 * with a restart. A duration is monotonic; over a restart, when no such clock is left, it is the
 * wall clock's. Runner thread only.
 */
final class RoundBook {
  private final LongSupplier nanos;
  private final Clock clock;
  private final Map<Place, Instant> opened = new HashMap<>();
  private final Map<Place, Long> openedNanos = new HashMap<>();
  private long down;
  private long up;

  RoundBook(LongSupplier nanos, Clock clock) {
    this.nanos = nanos;
    this.clock = clock;
  }

  /** Takes what the journal knows of attempts announced before a restart. */
  void load(Map<Place, Instant> before) {
    opened.clear();
    openedNanos.clear();
    opened.putAll(before);
  }

  /** Notes an attempt's announcement. @return false if it was announced before */
  boolean open(Place place) {
    if (opened.putIfAbsent(attempt(place), clock.instant()) != null) {
      return false;
    }
    openedNanos.put(attempt(place), nanos.getAsLong());
    return true;
  }

  Instant started(Place place) {
    return opened.getOrDefault(attempt(place), clock.instant());
  }

  Duration duration(Place place) {
    Long since = openedNanos.get(attempt(place));
    if (since != null) {
      return Duration.ofNanos(nanos.getAsLong() - since);
    }
    Duration byWall = Duration.between(started(place), clock.instant());
    return byWall.isNegative() ? Duration.ZERO : byWall;
  }

  void down(long bytes) {
    down += bytes;
  }

  void up(long bytes) {
    up += bytes;
  }

  long down() {
    return down;
  }

  long up() {
    return up;
  }

  /** The round is committed: the next one's bytes count from here. */
  void close() {
    down = 0;
    up = 0;
    opened.clear();
    openedNanos.clear();
  }

  private static Place attempt(Place place) {
    return new Place(place.round(), place.attempt(), 0);
  }
}
