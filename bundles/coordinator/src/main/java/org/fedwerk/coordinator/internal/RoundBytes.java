// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal;

import java.util.List;
import java.util.Optional;
import org.fedwerk.api.Refusal;
import org.fedwerk.api.codec.Codecs;
import org.fedwerk.api.codec.UpdateRange;
import org.fedwerk.api.learn.Layout;
import org.fedwerk.api.message.ChunkList;
import org.fedwerk.api.message.Section;
import org.fedwerk.api.task.CompressionSpec;
import org.fedwerk.api.task.ModelSpec;

/**
 * About how many bytes a site gets and sends in a round, as the task codes models and updates.
 *
 * @param down of the plans and the new model, or the change to it; a site that lacks the version
 *     before, as in the first round, gets a whole model instead
 * @param up of the update and its manifest
 */
record RoundBytes(long down, long up) {
  private static final int MESSAGES = 4096;

  /**
   * Of a task.
   *
   * @param layout of the vector that travels
   * @param updates the ranges of each update
   */
  static RoundBytes of(
      Codecs codecs,
      CompressionSpec compression,
      Layout layout,
      List<UpdateRange> updates,
      int rangeElements) {
    List<UpdateRange> models = codecs.models(compression, layout.size(), rangeElements);
    return new RoundBytes(with(codecs, models), with(codecs, updates));
  }

  private static long with(Codecs codecs, List<UpdateRange> ranges) {
    // A plan is sent twice or three times a round; a long list is fetched once with its model.
    long named = (long) ChunkList.ENTRY_BYTES * ranges.size();
    long messages = MESSAGES + (ranges.size() > Section.MOST_INLINE ? named : 2 * named);
    return codecs.payload(ranges) + messages;
  }

  /** Why that is more than a budget allows; empty if it is not. */
  Optional<Refusal> beyond(ModelSpec.Budget budget) {
    return Math.max(down, up) <= budget.bytesPerRound()
        ? Optional.empty()
        : Optional.of(
            new Refusal(
                "model.budget.bytes-per-round",
                0,
                "a site would get about "
                    + down
                    + " bytes a round and send about "
                    + up
                    + ", the budget is "
                    + budget.bytesPerRound()
                    + "; use a smaller model, compression for the larger of them, or raise the"
                    + " budget"));
  }
}
