// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.fedwerk.api.Digest;
import org.fedwerk.api.learn.Evaluation;
import org.fedwerk.api.message.Metric;
import org.fedwerk.api.message.ModelReference;
import org.fedwerk.api.message.Section;
import org.fedwerk.api.model.GlobalDigest;
import org.fedwerk.api.model.ModelVersion;
import org.fedwerk.coordinator.internal.blobs.ModelVectors;
import org.fedwerk.coordinator.internal.replies.ReplyRecord;

/** Makes one thing of a phase's replies, by the name of the fold. */
final class PhaseFolds {
  private static final String DEPLOYED_SITES = "deployed.sites";
  private static final String LATE_UPDATES = "late.updates";
  private static final String LATE_STALEST = "late.stalest";
  private static final List<String> RATES = List.of("accuracy", "balanced-accuracy", "loss");

  private final TaskContext context;
  private final ModelVectors vectors;
  private final RangeFold ranges;

  PhaseFolds(TaskContext context, ModelVectors vectors, RangeFold ranges) {
    this.context = context;
    this.vectors = vectors;
    this.ranges = ranges;
  }

  /**
   * Folds.
   *
   * @param base the model of the phase
   * @param replies in ascending order of sites
   * @param late late ones, ascending by round and site
   * @throws ArithmeticException if the result is not finite
   * @throws IllegalArgumentException if the aggregator refuses the updates
   */
  PhaseProduct fold(
      String fold,
      int round,
      ModelReference base,
      List<ReplyRecord> replies,
      List<LateUpdate> late) {
    return switch (fold) {
      case Protocols.FOLD_AGGREGATE -> aggregate(round, base, replies, late);
      case Protocols.FOLD_VALIDATION -> evaluate("validation", replies);
      case Protocols.FOLD_TEST -> evaluate("test", replies);
      case Protocols.FOLD_NONE ->
          new PhaseProduct(Optional.empty(), Map.of(DEPLOYED_SITES, deployed(replies)), Map.of());
      default -> throw new IllegalArgumentException("no fold named " + fold);
    };
  }

  /** An update to the plan of an earlier round. */
  record LateUpdate(int round, ReplyRecord reply) {}

  /**
   * {@code x' = x + sum(w s d) / sum(w)}: each update d is scaled by the factor s of its staleness,
   * and weighs w as any other. So an update alone is scaled too, as in buffered aggregation.
   */
  private PhaseProduct aggregate(
      int round, ModelReference base, List<ReplyRecord> fresh, List<LateUpdate> late) {
    float[] vector = vectors.load(base.parameters());
    List<ReplyRecord> replies = new ArrayList<>(fresh);
    List<String> contributors = new ArrayList<>(fresh.stream().map(ReplyRecord::site).toList());
    double[] factors = new double[fresh.size() + late.size()];
    Arrays.fill(factors, 1);
    int stalest = 0;
    for (LateUpdate each : late) {
      // Round n starts from version n-1, so versions between are rounds between.
      int behind = round - each.round();
      stalest = Math.max(stalest, behind);
      factors[replies.size()] = context.task().rounds().late().factor(behind);
      replies.add(each.reply());
      contributors.add(ModelVersion.late(each.reply().site(), each.round()));
    }
    ranges.fold(
        vector,
        replies.stream().map(reply -> reply.sections().get(0)).toList(),
        replies.stream().mapToDouble(ReplyRecord::weight).toArray(),
        factors);
    Digest digest = GlobalDigest.of(context.digest(), context.layout(), vector, new byte[0]);
    Section parameters = vectors.store(vector);
    ModelReference model = new ModelReference(round, digest, context.layout().digest(), parameters);
    PhaseProduct.Candidate candidate =
        new PhaseProduct.Candidate(
            model, base.digest(), contributors, replies.stream().map(ReplyRecord::weight).toList());
    Map<String, Double> metrics = new LinkedHashMap<>(reported(replies));
    if (context.task().rounds().late().keeps()) {
      metrics.put(LATE_UPDATES, (double) late.size());
      metrics.put(LATE_STALEST, (double) stalest);
    }
    return new PhaseProduct(Optional.of(candidate), metrics, Map.of());
  }

  /** Means over sites, and the same rates of the summed counts. */
  private PhaseProduct evaluate(String prefix, List<ReplyRecord> replies) {
    Map<String, Evaluation> evaluations = new LinkedHashMap<>();
    Evaluation sum = Evaluation.none(context.task().schema().label().classes().size());
    for (ReplyRecord reply : replies) {
      if (reply.evaluation().isPresent()) {
        evaluations.put(reply.site(), reply.evaluation().get());
        sum = sum.plus(reply.evaluation().get());
      }
    }
    Map<String, Double> metrics = new LinkedHashMap<>(reported(replies));
    for (String rate : RATES) {
      double mean =
          evaluations.values().stream()
              .mapToDouble(evaluation -> evaluation.metric(rate))
              .filter(value -> !Double.isNaN(value))
              .average()
              .orElse(Double.NaN);
      metrics.put(prefix + "." + rate, mean);
      metrics.put(prefix + ".summed." + rate, sum.metric(rate));
    }
    metrics.put(prefix + ".examples", (double) sum.count());
    return new PhaseProduct(Optional.empty(), metrics, evaluations);
  }

  /** Local revisions count from 1: with 0 a site says that its owner holds another model. */
  private static double deployed(List<ReplyRecord> replies) {
    return replies.stream().filter(reply -> reply.localRevision() > 0).count();
  }

  /** The numbers that sites reported, each a mean weighted by the examples behind it. */
  private static Map<String, Double> reported(List<ReplyRecord> replies) {
    Map<String, double[]> sums = new TreeMap<>();
    for (ReplyRecord reply : replies) {
      for (Metric metric : reply.metrics()) {
        double[] sum = sums.computeIfAbsent(metric.name(), name -> new double[2]);
        sum[0] += metric.value() * metric.count();
        sum[1] += metric.count();
      }
    }
    Map<String, Double> means = new LinkedHashMap<>();
    sums.forEach(
        (name, sum) -> {
          if (sum[1] > 0) {
            means.put(name, sum[0] / sum[1]);
          }
        });
    return means;
  }
}
