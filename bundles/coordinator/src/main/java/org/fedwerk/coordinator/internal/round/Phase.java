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
 */
public record Phase(
    String name,
    String request,
    String fold,
    ModelChoice model,
    int quorum,
    Duration stall,
    @Nullable Duration longest) {

  /** Replies needed from a cohort of this size. */
  public int needed(int cohort) {
    return quorum > 0 ? quorum : Math.max(2, (cohort + 1) / 2);
  }
}
