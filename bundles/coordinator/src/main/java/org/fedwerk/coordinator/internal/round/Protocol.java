// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal.round;

import java.util.List;

/**
 * What a round does: phases in order.
 *
 * @param name name for people and the run history
 * @param phases at least one
 * @param chosen true if somebody chooses the cohort; else it is all ready sites
 */
public record Protocol(String name, List<Phase> phases, boolean chosen) {
  /** For all ready sites. */
  public Protocol(String name, List<Phase> phases) {
    this(name, phases, false);
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
  }
}
