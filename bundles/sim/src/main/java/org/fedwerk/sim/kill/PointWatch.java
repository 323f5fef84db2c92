// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.kill;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.fedwerk.sim.fault.Life;
import org.fedwerk.sim.fault.RecordType;
import org.fedwerk.sim.fault.Watch;
import org.jspecify.annotations.Nullable;

/**
 * Counts an actor's records and ends its life at one point, once. It outlives the kill.
 * Thread-safe; while one thread is at the point no other passes.
 */
public final class PointWatch implements Watch {
  private final Map<RecordType, Integer> seen = new TreeMap<>();
  private final @Nullable Point point;
  private final Consumer<Life> kill;
  private boolean due;
  private boolean done;

  /**
   * A watch.
   *
   * @param point where; null to count only
   * @param kill ends the life; does not return
   */
  public PointWatch(@Nullable Point point, Consumer<Life> kill) {
    this.point = point;
    this.kill = kill;
  }

  @Override
  public synchronized void before(Life life, String journal, byte[] record) {
    RecordType type = RecordType.of(journal, record);
    int nth = seen.merge(type, 1, Integer::sum);
    if (is(type, nth, Moment.BEFORE_APPEND)) {
      end(life);
    }
  }

  @Override
  public synchronized void after(Life life, String journal, byte[] record) {
    RecordType type = RecordType.of(journal, record);
    int nth = seen.getOrDefault(type, 0);
    if (is(type, nth, Moment.AFTER_APPEND)) {
      end(life);
    }
    due |= is(type, nth, Moment.AFTER_EFFECT);
  }

  @Override
  public synchronized void effect(Life life) {
    if (due) {
      end(life);
    }
  }

  private boolean is(RecordType type, int nth, Moment moment) {
    return !done
        && point != null
        && point.moment() == moment
        && point.nth() == nth
        && point.type().equals(type);
  }

  private void end(Life life) {
    due = false;
    done = true;
    kill.accept(life);
  }

  /** True if the record was written and nothing came after it: the kill may come now. */
  public synchronized boolean isDue() {
    return due;
  }

  /** The kill came from outside. */
  public synchronized void killed() {
    due = false;
    done = true;
  }

  /** True once the point was reached. */
  public synchronized boolean isDone() {
    return done;
  }

  /** How many records of each type were begun. */
  public synchronized Map<RecordType, Integer> seen() {
    return Map.copyOf(seen);
  }
}
