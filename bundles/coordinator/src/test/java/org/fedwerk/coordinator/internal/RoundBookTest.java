// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import org.fedwerk.coordinator.internal.round.Place;
import org.junit.jupiter.api.Test;

class RoundBookTest {
  private static final Place FIRST = new Place(1, 1, 0);
  private static final Instant NOON = Instant.parse("2026-01-05T12:00:00Z");

  private long nanos;
  private Instant wall = NOON;

  private RoundBook book() {
    return new RoundBook(
        () -> nanos,
        new Clock() {
          @Override
          public ZoneId getZone() {
            return ZoneOffset.UTC;
          }

          @Override
          public Clock withZone(ZoneId zone) {
            return this;
          }

          @Override
          public Instant instant() {
            return wall;
          }
        });
  }

  @Test
  void aWallClockThatJumpsByAnHourDoesNotChangeHowLongARoundTook() {
    for (Duration jump : new Duration[] {Duration.ofHours(1), Duration.ofHours(-1)}) {
      nanos = 0;
      wall = NOON;
      RoundBook book = book();
      book.open(FIRST);
      nanos += Duration.ofSeconds(7).toNanos();
      wall = wall.plus(jump);
      assertEquals(Duration.ofSeconds(7), book.duration(FIRST));
      assertEquals(NOON, book.started(FIRST));
    }
  }

  @Test
  void afterARestartAClockThatWentBackMakesNoNegativeDuration() {
    RoundBook book = book();
    book.load(Map.of(FIRST, NOON));
    wall = NOON.minus(Duration.ofHours(1));
    assertEquals(Duration.ZERO, book.duration(FIRST));
    wall = NOON.plus(Duration.ofSeconds(9));
    assertEquals(Duration.ofSeconds(9), book.duration(FIRST));
  }
}
