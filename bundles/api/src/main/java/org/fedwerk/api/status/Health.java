// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.status;

import java.util.ArrayList;
import java.util.List;

/**
 * How a whole process is, by the lines of its rooms: the one rule behind {@code fedwerk:status} and
 * whatever else asks.
 *
 * @param state how it is
 * @param lines all lines, in the order of their rooms
 */
public record Health(State state, List<StatusLine> lines) {
  /** Whether the process does what it is there for. */
  public enum State {
    /** Every line is READY, or WAITING for somebody else to act. */
    READY,
    /** Nothing worse than a line that is STARTING, or no room is there yet. */
    STARTING,
    /** It works in part: a line is DEGRADED, or needs a restart. */
    DEGRADED,
    /** A line is DOWN. */
    DOWN
  }

  public Health {
    lines = List.copyOf(lines);
  }

  /** Asks each room. */
  public static Health of(List<? extends StatusSource> sources) {
    List<StatusLine> lines = new ArrayList<>();
    sources.forEach(source -> lines.addAll(source.status()));
    State worst = lines.isEmpty() ? State.STARTING : State.READY;
    for (StatusLine line : lines) {
      State state = state(line.state());
      worst = state.compareTo(worst) > 0 ? state : worst;
    }
    return new Health(worst, lines);
  }

  /** True if the process is ready. */
  public boolean ready() {
    return state == State.READY;
  }

  /** The lines that keep it from being ready; none if it is. */
  public List<StatusLine> reasons() {
    return lines.stream().filter(line -> state(line.state()) != State.READY).toList();
  }

  private static State state(StatusLine.State line) {
    return switch (line) {
      case READY, WAITING -> State.READY;
      case STARTING -> State.STARTING;
      case DEGRADED, RESTART_NEEDED -> State.DEGRADED;
      case DOWN -> State.DOWN;
    };
  }
}
