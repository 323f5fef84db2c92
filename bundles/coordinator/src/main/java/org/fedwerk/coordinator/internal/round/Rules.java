// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal.round;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What holds for a whole task.
 *
 * @param cohortLeast sites that must be ready before a round starts
 * @param examplesLeast training examples that a site must have to be ready
 * @param protocols by name
 * @param first name of the first round's protocol
 * @param again name of the protocol with which a task goes on that has ended
 * @param failedFoldsMost a task fails when that many folds in a row came to nothing
 * @param askingLeast sites that must ask before a task that has ended goes on; 0 if it never does
 */
public record Rules(
    int cohortLeast,
    int examplesLeast,
    Map<String, Protocol> protocols,
    String first,
    String again,
    int failedFoldsMost,
    int askingLeast) {
  public Rules {
    protocols = Map.copyOf(protocols);
    for (String named : List.of(first, again)) {
      if (!protocols.containsKey(named)) {
        throw new IllegalArgumentException("no protocol named " + named);
      }
    }
  }

  /** A task that goes on after its end as it began. */
  public Rules(
      int cohortLeast,
      int examplesLeast,
      Map<String, Protocol> protocols,
      String first,
      int failedFoldsMost,
      int askingLeast) {
    this(cohortLeast, examplesLeast, protocols, first, first, failedFoldsMost, askingLeast);
  }

  /** A task that ends for good. */
  public Rules(
      int cohortLeast,
      int examplesLeast,
      Map<String, Protocol> protocols,
      String first,
      int failedFoldsMost) {
    this(cohortLeast, examplesLeast, protocols, first, failedFoldsMost, 0);
  }

  /**
   * Sites that may take part in an attempt that waits, ascending; empty if they are too few, or if
   * it does not wait for them.
   */
  Optional<List<String>> candidates(RoundState state, Phase phase) {
    if (state.stage() != Stage.WAITING || state.isPaused() || state.ready().size() < cohortLeast) {
      return Optional.empty();
    }
    List<String> present =
        state.ready().stream()
            .filter(site -> !state.away().contains(site) && !state.resting().containsKey(site))
            .toList();
    if (protocol(state.protocol()).chosen()) {
      boolean enough =
          present.size() >= cohortLeast && present.size() >= phase.needed(present.size());
      return enough ? Optional.of(present) : Optional.empty();
    }
    boolean enough =
        phase.isBuffered()
            ? !present.isEmpty() && canFill(state)
            : present.size() >= phase.needed(state.ready().size());
    return enough ? Optional.of(List.copyOf(state.ready())) : Optional.empty();
  }

  /** True if the ready sites, those that are away among them, can fill the buffer of each phase. */
  private boolean canFill(RoundState state) {
    long able = state.ready().stream().filter(site -> !state.resting().containsKey(site)).count();
    return protocol(state.protocol()).phases().stream().allMatch(each -> each.buffer() <= able);
  }

  /** A protocol by name. */
  public Protocol protocol(String name) {
    Protocol protocol = protocols.get(name);
    if (protocol == null) {
      throw new IllegalArgumentException("no protocol named " + name);
    }
    return protocol;
  }
}
