// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.fedwerk.api.message.Section;
import org.fedwerk.api.model.Exchange;
import org.fedwerk.api.task.LocalSpec;
import org.fedwerk.coordinator.internal.clusters.Members;
import org.fedwerk.coordinator.internal.clusters.SimilaritySplit;
import org.fedwerk.coordinator.internal.replies.ReplyRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Folds updates of sites that the coordinator parts by their similarity: each model by its own
 * sites, as with clusters that sites choose. A model that is parted goes on as two that are equal.
 */
final class SplitFold {
  private static final Logger LOG = LoggerFactory.getLogger(SplitFold.class);

  private final TaskContext context;
  private final RangeFold ranges;

  SplitFold(TaskContext context, RangeFold ranges) {
    this.context = context;
    this.ranges = ranges;
  }

  /**
   * Folds.
   *
   * @param parameters the base, changed in place
   * @param before the base's members
   * @param replies in ascending order of sites
   * @param weights theirs
   * @return members of the version that this makes
   */
  Members fold(
      float[] parameters,
      Members before,
      List<ReplyRecord> replies,
      List<Section> updates,
      double[] weights,
      double[] factors) {
    Exchange exchange = context.exchange();
    List<Integer> clusters = replies.stream().map(UpdateClaims::cluster).toList();
    boolean[] distinct = distinct(parameters, before.models());
    Norms norms = new Norms(exchange, new ClusterStep(exchange, clusters, weights), weights.length);
    ranges.fold(parameters, updates, weights, factors, norms);
    List<SimilaritySplit.Update> facts = new ArrayList<>();
    for (int k = 0; k < weights.length; k++) {
      int cluster = clusters.get(k);
      facts.add(
          new SimilaritySplit.Update(
              replies.get(k).site(),
              cluster + 1,
              cluster < distinct.length && distinct[cluster],
              Math.sqrt(norms.squares[k])));
    }
    LocalSpec local = context.task().local();
    SimilaritySplit.Outcome outcome =
        new SimilaritySplit(local.split().orElseThrow(), local.clusters())
            .after(
                before,
                facts,
                norms.means(),
                some -> ranges.gram(some.stream().map(updates::get).toList()));
    int size = exchange.parameters();
    int fresh = before.models();
    for (int parent : outcome.parents()) {
      System.arraycopy(parameters, (parent - 1) * size, parameters, fresh * size, size);
      fresh++;
      LOG.info(
          "task {}: the sites of cluster {} are parted, cluster {} is new: {}",
          context.task().name(),
          parent,
          fresh,
          outcome.members().places());
    }
    return outcome.members();
  }

  /**
   * Of each model in use whether no other is equal to it. A model that was begun in the last round
   * has a twin, and whoever chose one of the two has chosen nothing.
   */
  private boolean[] distinct(float[] parameters, int models) {
    int size = context.exchange().parameters();
    boolean[] distinct = new boolean[models];
    Arrays.fill(distinct, true);
    for (int one = 0; one < models; one++) {
      for (int other = one + 1; other < models; other++) {
        int a = one * size;
        int b = other * size;
        if (Arrays.equals(parameters, a, a + size, parameters, b, b + size)) {
          distinct[one] = false;
          distinct[other] = false;
        }
      }
    }
    return distinct;
  }

  /** Takes down how large updates and their means are while they are folded. */
  private static final class Norms implements RangeFold.Step {
    private final Exchange exchange;
    private final ClusterStep inner;
    private final double[] squares;
    private final double[] means;

    Norms(Exchange exchange, ClusterStep inner, int updates) {
      this.exchange = exchange;
      this.inner = inner;
      squares = new double[updates];
      means = new double[exchange.clusters()];
    }

    @Override
    public double[] of(int range, int from, List<float[]> updates, double[] delta) {
      for (int k = 0; k < squares.length; k++) {
        for (float value : updates.get(k)) {
          squares[k] += (double) value * value;
        }
      }
      double[] step = inner.of(range, from, updates, delta);
      for (int i = 0; i < step.length; i++) {
        means[exchange.clusterAt(from + i)] += step[i] * step[i];
      }
      return step;
    }

    /** Norm of each cluster's mean update. */
    double[] means() {
      double[] norms = new double[means.length];
      for (int cluster = 0; cluster < norms.length; cluster++) {
        norms[cluster] = Math.sqrt(means[cluster]);
      }
      return norms;
    }
  }
}
