// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal.round;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One step of a protocol, as data.
 *
 * @param name name for people
 * @param request what sites are asked to do
 * @param fold what becomes of the replies; a name that whoever runs effects understands
 * @param model which model it works on
 * @param quorum replies that it needs; 0 means two or half the cohort, whichever is more
 * @param stall a site without progress for so long is stalled
 * @param longest longest duration; null for none
 * @param buffer replies with which it closes at once; 0 if it waits for the cohort
 * @param lateMost rounds that a late reply may be behind the fold that takes it; -1 if none is
 *     taken
 */
public record Phase(
    String name,
    String request,
    String fold,
    ModelChoice model,
    int quorum,
    Duration stall,
    @Nullable Duration longest,
    int buffer,
    int lateMost) {
  /** {@link #lateMost} of a phase that takes no late reply. */
  public static final int NONE_LATE = -1;

  /** A phase that waits for its cohort and takes no late reply. */
  public Phase(
      String name,
      String request,
      String fold,
      ModelChoice model,
      int quorum,
      Duration stall,
      @Nullable Duration longest) {
    this(name, request, fold, model, quorum, stall, longest, 0, NONE_LATE);
  }

  /**
   * True if it closes with so many replies, late ones among them, whoever else is still at work;
   * ready sites may join it at any time.
   */
  public boolean isBuffered() {
    return buffer > 0;
  }

  /** True if replies that come when it is over go into the next fold of such a phase. */
  public boolean takesLate() {
    return lateMost > NONE_LATE;
  }

  /** Replies needed from a cohort of this size. */
  public int needed(int cohort) {
    return quorum > 0 ? quorum : Math.max(2, (cohort + 1) / 2);
  }
}
