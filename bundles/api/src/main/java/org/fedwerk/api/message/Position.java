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
  private static final Comparator<Position> ORDER =
      Comparator.comparingLong(Position::epoch)
          .thenComparingInt(Position::round)
          .thenComparingInt(Position::attempt)
          .thenComparingInt(Position::phase);

  /** Before every plan. */
  public static final Position NONE = new Position(0, 0, 0, -1);

  @Override
  public int compareTo(Position other) {
    return ORDER.compare(this, other);
  }
}
