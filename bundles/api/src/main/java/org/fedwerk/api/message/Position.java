// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.message;

import java.util.Comparator;

/**
 * A place in a task's protocol; a receiver keeps the highest per sender and task and refuses less.
 *
 * @param epoch the coordinator's epoch
 * @param round from 1
 * @param attempt from 1
 * @param phase index from 0
 */
public record Position(long epoch, int round, int attempt, int phase)
    implements Comparable<Position> {
  private static final Comparator<Position> PHASES =
      Comparator.comparingInt(Position::round)
          .thenComparingInt(Position::attempt)
          .thenComparingInt(Position::phase);
  private static final Comparator<Position> ORDER =
      Comparator.comparingLong(Position::epoch).thenComparing(PHASES);

  /** Before every plan. */
  public static final Position NONE = new Position(0, 0, 0, -1);

  /** True if both name the same phase of the protocol, whatever their epochs. */
  public boolean isSamePhase(Position other) {
    return PHASES.compare(this, other) == 0;
  }

  /** True if this phase comes before another one, whatever their epochs. */
  public boolean isPhaseBefore(Position other) {
    return PHASES.compare(this, other) < 0;
  }

  @Override
  public int compareTo(Position other) {
    return ORDER.compare(this, other);
  }
}
