// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal.round;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the journal's events add up to; nothing in it depends on time.
 *
 * @param ready sites that are willing and have enough examples
 * @param away sites that stalled and were not heard of since
 * @param heard per site the sequence of its newest message that changed anything
 * @param protocol name of the round's protocol
 * @param place current place; of the next attempt while waiting
 * @param stage how far it is
 * @param cohort sites of this attempt, ascending; empty while waiting
 * @param left sites of the cohort that left the round, with the reason
 * @param resting sites that left the failed attempt before this one, with the reason; they are
 *     asked again after a while
 * @param replies complete replies of this phase
 * @param closed phases of this attempt that are over
 * @param failedFolds folds in a row that came to nothing
 * @param problem why the last attempt, or the task, failed; empty else
 * @param pausedBy who paused the task; empty if it goes on
 * @param late replies that came or may still come after their phase
 * @param asking sites that ask for rounds since the task has ended
 * @param last how often the protocol's last phase comes in this attempt, where folds say so
 */
public record RoundState(
    SortedSet<String> ready,
    SortedSet<String> away,
    SortedMap<String, Long> heard,
    String protocol,
    Place place,
    Stage stage,
    List<String> cohort,
    SortedMap<String, String> left,
    SortedMap<String, String> resting,
    SortedMap<String, Reply> replies,
    List<Closed> closed,
    int failedFolds,
    String problem,
    String pausedBy,
    Late late,
    SortedSet<String> asking,
    int last) {
  public RoundState {
    ready = Collections.unmodifiableSortedSet(new TreeSet<>(ready));
    away = Collections.unmodifiableSortedSet(new TreeSet<>(away));
    heard = Collections.unmodifiableSortedMap(new TreeMap<>(heard));
    cohort = List.copyOf(cohort);
    left = Collections.unmodifiableSortedMap(new TreeMap<>(left));
    resting = Collections.unmodifiableSortedMap(new TreeMap<>(resting));
    replies = Collections.unmodifiableSortedMap(new TreeMap<>(replies));
    closed = List.copyOf(closed);
    asking = Collections.unmodifiableSortedSet(new TreeSet<>(asking));
  }

  /** True while nothing new may begin. */
  public boolean isPaused() {
    return !pausedBy.isEmpty();
  }

  /** True if the task is over, for good or until somebody tries it again. */
  public boolean isOver() {
    return switch (stage) {
      case FINISHED, FAILED, ABORTED -> true;
      case WAITING, COLLECTING, HELD, FOLDING, COMMITTING -> false;
    };
  }

  /** Sites whose reply the open phase waits for, ascending; empty if no phase is open. */
  public List<String> outstanding() {
    if (stage != Stage.COLLECTING) {
      return List.of();
    }
    return cohort.stream()
        .filter(
            site -> !replies.containsKey(site) && !left.containsKey(site) && !away.contains(site))
        .toList();
  }

  /** Replies that count for the open phase. */
  public int arrived(Phase phase) {
    return replies.size() + (phase.isBuffered() && phase.takesLate() ? late.kept().size() : 0);
  }

  /** True if those of the cohort who are still at work, or away, can make it so many. */
  boolean canReach(Phase phase, int needed) {
    long others =
        cohort.stream()
            .filter(site -> !replies.containsKey(site) && !left.containsKey(site))
            .count();
    return arrived(phase) + others >= needed;
  }

  /** The reply of a site that counts at a place of this attempt, or late; empty if none does. */
  public Optional<Reply> counted(Place at, String site) {
    Optional<Reply> before = late.counted(at, site);
    if (before.isPresent()) {
      return before;
    }
    if (at.round() != place.round() || at.attempt() != place.attempt() || at.phase() < 0) {
      return Optional.empty();
    }
    Collection<Reply> there = List.of();
    if (at.phase() < closed.size()) {
      there = closed.get(at.phase()).replies();
    } else if (at.equals(place)) {
      there = replies.values();
    }
    return there.stream().filter(reply -> reply.site().equals(site)).findFirst();
  }
}
