// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal.round;

/**
 * A place in a task's run.
 *
 * @param round from 1
 * @param attempt from 1
 * @param phase index in the round's protocol, from 0
 */
public record Place(int round, int attempt, int phase) implements Comparable<Place> {
  @Override
  public int compareTo(Place other) {
    int order = Integer.compare(round, other.round);
    if (order == 0) {
      order = Integer.compare(attempt, other.attempt);
    }
    return order == 0 ? Integer.compare(phase, other.phase) : order;
  }

  @Override
  public String toString() {
    return round + "/" + attempt + "/" + phase;
  }
}
