// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ClockWatchTest {
  private Instant wall = Instant.parse("2026-01-02T03:04:05Z");
  private long nanos = -5_000_000_000L;
  private final ClockWatch watch = new ClockWatch(clock(), () -> nanos);

  private Clock clock() {
    return new Clock() {
      @Override
      public ZoneId getZone() {
        return ZoneOffset.UTC;
      }

      @Override
      public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("the test's clock is UTC");
      }

      @Override
      public Instant instant() {
        return wall;
      }
    };
  }

  private void pass(Duration time) {
    nanos += time.toNanos();
    wall = wall.plus(time);
  }

  private void jump(Duration by) {
    wall = wall.plus(by);
  }

  private String detail() {
    StatusLine line = watch.line().orElseThrow();
    assertEquals("clock", line.subject());
    assertEquals(StatusLine.State.DEGRADED, line.state());
    return line.detail();
  }

  @Test
  void aJumpIsNamedWithItsSizeTimeAndWhatToDoUntilTheClockIsBack() {
    pass(Duration.ofHours(5));
    assertFalse(watch.look());
    assertEquals(Optional.empty(), watch.line());
    jump(Duration.ofHours(1));
    pass(Duration.ofSeconds(2));
    assertTrue(watch.look());
    assertTrue(
        detail().contains("at 2026-01-02T09:04:07Z by its own account it was 60 min ahead of"),
        detail());
    assertTrue(detail().contains("check its time server (NTP)"), detail());
    assertTrue(detail().contains("dates of certificates"), detail());
    pass(Duration.ofSeconds(2));
    assertFalse(watch.look(), "it is told once");
    jump(Duration.ofHours(-1));
    assertFalse(watch.look(), "the clock is back");
    assertEquals(Optional.empty(), watch.line());
  }

  @Test
  void aClockThatStaysWhereItJumpedToIsTakenForRightAfterAnHour() {
    jump(Duration.ofMinutes(-90).minusSeconds(7));
    assertTrue(watch.look());
    assertTrue(detail().contains("90 min 7 s behind the time since the start"), detail());
    pass(ClockWatch.NAMED.minusSeconds(1));
    watch.look();
    assertTrue(watch.line().isPresent());
    pass(Duration.ofSeconds(1));
    assertFalse(watch.look());
    assertEquals(Optional.empty(), watch.line());
    jump(Duration.ofHours(1));
    assertTrue(watch.look());
    assertTrue(detail().contains("60 min ahead"), detail());
  }

  @Test
  void oneJumpAfterTheOtherIsNamedByWhatTheyComeTo() {
    jump(Duration.ofHours(1));
    assertTrue(watch.look());
    pass(Duration.ofMinutes(50));
    jump(Duration.ofHours(1));
    assertTrue(watch.look());
    assertTrue(detail().contains("120 min ahead of"), detail());
    pass(Duration.ofMinutes(50));
    watch.look();
    assertTrue(watch.line().isPresent(), "an hour since the newest");
  }

  @Test
  void whatATimeServerPutsRightLittleByLittleIsNoJump() {
    for (int i = 0; i < 200; i++) {
      pass(Duration.ofSeconds(1));
      jump(Duration.ofMillis(500));
      assertFalse(watch.look());
    }
    jump(ClockWatch.LEAST.minusMillis(1));
    assertFalse(watch.look());
    assertEquals(Optional.empty(), watch.line());
  }
}
