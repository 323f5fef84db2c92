// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.fault;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * A clock that goes on from step to step, and the steps. Steps due at the same time run in the
 * order in which they were added, so a run depends on nothing but its seed. For one thread.
 */
public final class VirtualTime {
  private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

  private final PriorityQueue<Step> steps =
      new PriorityQueue<>(Comparator.comparingLong(Step::at).thenComparingLong(Step::order));
  private long now;
  private long order;
  private Duration shift = Duration.ZERO;

  private record Step(long at, long order, Runnable work) {}

  /** Nanoseconds since the begin. */
  public long now() {
    return now;
  }

  /** Runs a step after a delay. */
  public void after(Duration delay, Runnable work) {
    steps.add(new Step(now + Math.max(0, delay.toNanos()), order++, work));
  }

  /** Runs the next step. @return false if there is none */
  public boolean next() {
    Step step = steps.poll();
    if (step == null) {
      return false;
    }
    now = step.at();
    step.work().run();
    return true;
  }

  /** Sets every wall clock forward, or back if it is negative; what is waited for stays. */
  public void jump(Duration by) {
    shift = shift.plus(by);
  }

  /** The same time as a wall clock, moved by all jumps. */
  public Clock clock() {
    return new Clock() {
      @Override
      public ZoneId getZone() {
        return ZoneOffset.UTC;
      }

      @Override
      public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("virtual time is UTC");
      }

      @Override
      public Instant instant() {
        return BEGIN.plusNanos(now).plus(shift);
      }
    };
  }
}
