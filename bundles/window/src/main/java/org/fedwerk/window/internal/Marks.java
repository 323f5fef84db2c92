// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.window.internal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** The changes of the serial that are not yet behind us, in the order of source time. */
final class Marks {
  /** Serial while no part is in the machine. */
  static final String IDLE = "";

  private static final int REMEMBERED = 256;

  /** One change of the serial. */
  static final class Mark {
    final String source;
    final long time;
    final String serial;
    final long arrived;
    long sequence;
    boolean interrupted;

    Mark(
        String source, long time, String serial, long sequence, long arrived, boolean interrupted) {
      this.source = source;
      this.time = time;
      this.serial = serial;
      this.sequence = sequence;
      this.arrived = arrived;
      this.interrupted = interrupted;
    }

    boolean idle() {
      return serial.equals(IDLE);
    }
  }

  private record Seen(long time, String serial) {}

  private final List<Mark> marks = new ArrayList<>();
  private final Deque<Seen> seen = new ArrayDeque<>();

  int size() {
    return marks.size();
  }

  Mark get(int index) {
    return marks.get(index);
  }

  Mark last() {
    return marks.get(marks.size() - 1);
  }

  boolean isEmpty() {
    return marks.isEmpty();
  }

  void removeFirst() {
    marks.remove(0);
  }

  List<Mark> all() {
    return marks;
  }

  /** True if this very change came before, as it does when a source delivers again. */
  boolean seen(long time, String serial) {
    return seen.contains(new Seen(time, serial));
  }

  /** Puts a change in its place; one that changes nothing is left out. */
  void put(Mark mark) {
    seen.addLast(new Seen(mark.time, mark.serial));
    if (seen.size() > REMEMBERED) {
      seen.removeFirst();
    }
    int at = marks.size();
    while (at > 0 && marks.get(at - 1).time > mark.time) {
      at--;
    }
    if (at > 0 && marks.get(at - 1).time == mark.time) {
      at--;
      marks.remove(at);
    }
    if (at > 0 && marks.get(at - 1).serial.equals(mark.serial)) {
      return;
    }
    if (at < marks.size() && marks.get(at).serial.equals(mark.serial)) {
      marks.remove(at);
    }
    marks.add(at, mark);
  }
}
