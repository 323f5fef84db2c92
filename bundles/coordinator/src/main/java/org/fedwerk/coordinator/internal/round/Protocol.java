// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal.round;

import java.util.List;

/**
 * What a round does: phases in order.
 *
 * @param name name for people and the run history
 * @param phases at least one
 * @param chosen true if somebody chooses the cohort; else it is all ready sites
 * @param repeats true if folds say how often the last phase comes
 */
public record Protocol(String name, List<Phase> phases, boolean chosen, boolean repeats) {
  /** Each phase comes once. */
  public Protocol(String name, List<Phase> phases, boolean chosen) {
    this(name, phases, chosen, false);
  }

  /** For all ready sites. */
  public Protocol(String name, List<Phase> phases) {
    this(name, phases, false);
  }

  /** The phase at a place. */
  public Phase phase(int index) {
    return phases.get(Math.min(index, phases.size() - 1));
  }

  /**
   * Phases of an attempt.
   *
   * @param last how often the last one comes; read if that is for folds to say
   */
  public int count(int last) {
    return phases.size() - 1 + (repeats ? last : 1);
  }

  /** Rounds that a late reply may be behind the fold of any of its phases; -1 if none takes one. */
  int lateMost() {
    return phases.stream().mapToInt(Phase::lateMost).max().orElse(Phase.NONE_LATE);
  }

  public Protocol {
    phases = List.copyOf(phases);
    if (phases.isEmpty()) {
      throw new IllegalArgumentException("protocol " + name + " has no phase");
    }
    if (repeats && phases.size() < 2) {
      throw new IllegalArgumentException(
          "protocol " + name + " repeats its last phase and has none before it");
    }
  }
}
