// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.fedwerk.api.Digest;
import org.fedwerk.api.data.ValuePools;
import org.fedwerk.api.learn.Moments;
import org.fedwerk.api.message.ModelReference;
import org.fedwerk.api.message.Section;
import org.fedwerk.api.model.GlobalDigest;
import org.fedwerk.coordinator.internal.blobs.ModelVectors;
import org.fedwerk.coordinator.internal.replies.ReplyRecord;

/**
 * Merges what sites told of their training examples, in ascending order of site ids, and gives the
 * model that training begins with these statistics: they are part of every version from then on.
 */
final class StatisticsFold {
  private static final String SITES = "statistics.sites";
  private static final String VALUES = "statistics.values";

  private final TaskContext context;
  private final ModelVectors vectors;

  StatisticsFold(TaskContext context, ModelVectors vectors) {
    this.context = context;
    this.vectors = vectors;
  }

  /**
   * The same parameters with statistics; those that a model has already stay, as what was trained
   * with them is of no use with others.
   *
   * @param kept what the version that this makes keeps for the next
   * @param replies in ascending order of sites
   * @throws ArithmeticException if the sites' counts add up to more than 63 bits
   */
  PhaseProduct merge(
      int version, ModelReference base, List<Section> kept, List<ReplyRecord> replies) {
    List<Moments> merged = base.statistics().isEmpty() ? merged(replies) : base.statistics();
    float[] vector = vectors.load(base.parameters());
    Digest digest = GlobalDigest.of(context.digest(), context.layout(), vector, merged);
    ModelReference model =
        new ModelReference(version, digest, context.layout().digest(), vectors.store(vector));
    // Nobody's update is in it, so it has no contributors; the run history names who told.
    PhaseProduct.Candidate candidate =
        new PhaseProduct.Candidate(model.with(merged), base.digest(), List.of(), List.of(), kept);
    double values = merged.stream().mapToLong(Moments::count).asDoubleStream().sum();
    Map<String, Double> metrics = Map.of(SITES, (double) replies.size(), VALUES, values);
    return new PhaseProduct(Optional.of(candidate), metrics, Map.of());
  }

  private List<Moments> merged(List<ReplyRecord> replies) {
    int pools = new ValuePools(context.task().schema()).count();
    List<Moments> merged = new ArrayList<>(Collections.nCopies(pools, Moments.NONE));
    for (ReplyRecord reply : replies) {
      for (int pool = 0; pool < pools; pool++) {
        merged.set(pool, merged.get(pool).plus(reply.statistics().get(pool)));
      }
    }
    return merged;
  }
}
