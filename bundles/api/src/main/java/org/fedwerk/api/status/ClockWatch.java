// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.status;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Finds out when a process' wall clock jumps, by comparing it with the monotonic clock. What a time
 * server puts right little by little is no jump. Any thread may call.
 */
public final class ClockWatch {
  /** What its line is about. */
  public static final String SUBJECT = "clock";

  /** Least difference that is a jump. */
  public static final Duration LEAST = Duration.ofMinutes(1);

  /** How long a jump is named, if the clock is not set back: then it is taken for right. */
  public static final Duration NAMED = Duration.ofHours(1);

  private final Clock clock;
  private final LongSupplier nanos;

  /** What the wall clock shows at monotonic 0, as far as it is trusted. */
  private Instant origin;

  private Optional<Jump> jump = Optional.empty();

  /**
   * How far the clock is from where it ran.
   *
   * @param by ahead, or behind if negative
   * @param wall what it showed when that was found out
   * @param at monotonic nanoseconds
   */
  private record Jump(Duration by, Instant wall, long at) {}

  /**
   * Trusts the clock as it is now.
   *
   * @param clock wall clock
   * @param nanos monotonic nanoseconds
   */
  public ClockWatch(Clock clock, LongSupplier nanos) {
    this.clock = clock;
    this.nanos = nanos;
    origin = clock.instant().minusNanos(nanos.getAsLong());
  }

  /**
   * Compares the clocks; to be called every few seconds.
   *
   * @return true if the wall clock has jumped since the last call
   */
  public synchronized boolean look() {
    long now = nanos.getAsLong();
    Instant wall = clock.instant();
    Duration by = Duration.between(origin, wall.minusNanos(now));
    Duration before = jump.map(Jump::by).orElse(Duration.ZERO);
    boolean jumped = isJump(by.minus(before));
    if (!isJump(by) || !jumped && isOver(now)) {
      origin = origin.plus(by);
      jump = Optional.empty();
    } else if (jumped) {
      jump = Optional.of(new Jump(by, wall, now));
    }
    return jumped && jump.isPresent();
  }

  private static boolean isJump(Duration by) {
    return by.abs().compareTo(LEAST) >= 0;
  }

  private boolean isOver(long now) {
    return jump.filter(each -> now - each.at() >= NAMED.toNanos()).isPresent();
  }

  /** Names the jump; empty if there was none, the clock is back, or an hour has passed. */
  public synchronized Optional<StatusLine> line() {
    return jump.map(
        each ->
            new StatusLine(
                SUBJECT,
                StatusLine.State.DEGRADED,
                "this machine's clock jumped: at "
                    + each.wall().truncatedTo(ChronoUnit.SECONDS)
                    + " by its own account it was "
                    + words(each.by().abs())
                    + (each.by().isNegative() ? " behind" : " ahead of")
                    + " the time since the start; check its time server (NTP), or whether it was"
                    + " suspended. Affected are the dates of certificates, hours for rounds and the"
                    + " times of parts without a source's time; rounds wait by another clock. Shown"
                    + " until the clock is back, or for an hour"));
  }

  private static String words(Duration by) {
    return by.toMinutes()
        + " min"
        + (by.toSecondsPart() == 0 ? "" : " " + by.toSecondsPart() + " s");
  }
}
