// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.baseline;

import java.util.List;
import java.util.OptionalInt;

/**
 * How a federation went, round by round.
 *
 * @param validation the metric on validation parts after each round of training
 * @param payload bytes that the links had carried in both directions when each was over
 */
public record Course(List<Double> validation, List<Long> payload) {
  /** So many rounds on end a metric must stay. */
  public static final int ROUNDS = 3;

  public Course {
    validation = List.copyOf(validation);
    payload = List.copyOf(payload);
  }

  /** The last value. */
  public double end() {
    return validation.get(validation.size() - 1);
  }

  /**
   * The round, from 1, with which the metric has first stayed at a bound for {@value #ROUNDS}
   * rounds; empty if it never did.
   *
   * @param least the bound, for a metric of which more is better
   */
  public OptionalInt stays(double least) {
    int kept = 0;
    for (int round = 0; round < validation.size(); round++) {
      kept = validation.get(round) >= least ? kept + 1 : 0;
      if (kept == ROUNDS) {
        return OptionalInt.of(round + 1);
      }
    }
    return OptionalInt.empty();
  }

  /** Bytes until a round was over. */
  public long until(int round) {
    return payload.get(round - 1);
  }
}
