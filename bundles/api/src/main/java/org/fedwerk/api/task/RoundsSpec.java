// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.task;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * When rounds start and end.
 *
 * @param max most rounds
 * @param patience rounds without a better validation metric after which the metric rests
 * @param least rounds before resting counts
 * @param metric main metric, one of {@link org.fedwerk.api.learn.Metrics}
 * @param cohortLeast sites that must be ready before a round starts
 * @param examplesLeast training examples that a site must have to be ready
 * @param quorum sites whose answer a phase needs; 0 means two sites or half the cohort, whichever
 *     is more
 * @param stall a site without progress for so long is stalled
 * @param longest longest duration of a phase; null for none
 * @param cohort which of the ready sites take part
 * @param late what becomes of updates that come when their phase is over
 * @param buffer updates that make a version of an asynchronous task; 0 for rounds in which sites
 *     wait for each other
 */
public record RoundsSpec(
    int max,
    int patience,
    int least,
    String metric,
    int cohortLeast,
    int examplesLeast,
    int quorum,
    Duration stall,
    @Nullable Duration longest,
    CohortSpec cohort,
    LateSpec late,
    int buffer) {
  /**
   * True if a version is made whenever so many updates are there, whoever else is still at work.
   */
  public boolean isAsynchronous() {
    return buffer > 0;
  }
}
