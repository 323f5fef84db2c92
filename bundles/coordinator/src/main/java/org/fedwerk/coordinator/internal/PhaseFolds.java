// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.fedwerk.api.Digest;
import org.fedwerk.api.aggregate.Aggregator;
import org.fedwerk.api.aggregate.UpdateFacts;
import org.fedwerk.api.codec.Codecs;
import org.fedwerk.api.learn.Evaluation;
import org.fedwerk.api.learn.LabelStatistics;
import org.fedwerk.api.message.Metric;
import org.fedwerk.api.message.ModelChange;
import org.fedwerk.api.message.ModelReference;
import org.fedwerk.api.message.Section;
import org.fedwerk.api.model.GlobalDigest;
import org.fedwerk.api.model.ModelVersion;
import org.fedwerk.coordinator.internal.blobs.BlobKeeper;
import org.fedwerk.coordinator.internal.blobs.ModelVectors;
import org.fedwerk.coordinator.internal.clusters.Members;
import org.fedwerk.coordinator.internal.replies.ReplyRecord;

/** Makes one thing of a phase's replies, by the name of the fold. */
final class PhaseFolds {
  private static final String DEPLOYED_SITES = "deployed.sites";
  private static final String LATE_UPDATES = "late.updates";
  private static final String LATE_STALEST = "late.stalest";
  private static final String CLUSTERS = "clusters";

  /** Begins the metric of the cluster, from 1, that each site's update is of. */
  static final String CLUSTER = "cluster.";

  private final TaskContext context;
  private final Codecs codecs;
  private final ModelVectors vectors;
  private final RangeFold ranges;
  private final BlobKeeper.Holder blobs;
  private final UpdateClaims claims;
  private final StatisticsFold statistics;

  PhaseFolds(TaskContext context, Codecs codecs, ModelVectors vectors, BlobKeeper.Holder blobs) {
    this.context = context;
    this.vectors = vectors;
    this.blobs = blobs;
    this.codecs = codecs;
    ranges = new RangeFold(context.strategy().aggregator(), blobs::get, context.updates());
    claims = new UpdateClaims(context);
    statistics = new StatisticsFold(context, vectors);
  }

  /**
   * Folds.
   *
   * @param base the model of the phase
   * @param known what goes with it
   * @param replies in ascending order of sites
   * @param late late ones, ascending by round and site
   * @throws ArithmeticException if the result is not finite
   * @throws IllegalArgumentException if the aggregator refuses the updates
   */
  PhaseProduct fold(
      String fold,
      int round,
      ModelReference base,
      Known known,
      List<ReplyRecord> replies,
      List<LateUpdate> late) {
    return switch (fold) {
      case Protocols.FOLD_STATISTICS ->
          statistics.merge(round, base, carried(base.version(), known.state()), replies);
      case Protocols.FOLD_AGGREGATE -> aggregate(round, base, known, replies, late);
      case Protocols.FOLD_VALIDATION -> evaluate("validation", replies);
      case Protocols.FOLD_TEST -> evaluate("test", replies);
      case Protocols.FOLD_NONE ->
          new PhaseProduct(Optional.empty(), Map.of(DEPLOYED_SITES, deployed(replies)), Map.of());
      default -> throw new IllegalArgumentException("no fold named " + fold);
    };
  }

  /**
   * What goes with a model.
   *
   * @param state what is kept with it: of the server optimizer, and what the change to it left out
   * @param contributors sites that had a part in it or in an earlier one
   */
  record Known(List<Section> state, Set<String> contributors) {}

  /** An update to the plan of an earlier round. */
  record LateUpdate(int round, ReplyRecord reply) {}

  /**
   * {@code x' = x + sum(w s d) / sum(w)}: each update d is scaled by the factor s of its staleness,
   * and weighs w as any other. So an update alone is scaled too, as in buffered aggregation.
   */
  PhaseProduct aggregate(
      int round, ModelReference base, Known known, List<ReplyRecord> fresh, List<LateUpdate> late) {
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
    Added added = add(vector, round, base.version(), replies, factors, known);
    Digest digest = GlobalDigest.of(context.digest(), context.layout(), vector, base.statistics());
    Section parameters = vectors.store(vector);
    ModelReference model =
        new ModelReference(
            round,
            digest,
            context.layout().digest(),
            parameters,
            added.change().map(values -> new ModelChange(base.digest(), values)),
            base.statistics());
    PhaseProduct.Candidate candidate =
        new PhaseProduct.Candidate(
            model,
            base.digest(),
            contributors,
            replies.stream().map(ReplyRecord::weight).toList(),
            added.kept(),
            labels(replies, contributors));
    Map<String, Double> metrics = new LinkedHashMap<>(reported(replies));
    if (context.task().rounds().late().keeps()) {
      metrics.put(LATE_UPDATES, (double) late.size());
      metrics.put(LATE_STALEST, (double) stalest);
    }
    if (context.task().local().isClustered()) {
      // Whose model a site learned is a name and no quantity: it is told, never averaged.
      metrics.remove(Metric.TRAIN_CLUSTER);
      replies.forEach(
          reply -> metrics.put(CLUSTER + reply.site(), UpdateClaims.cluster(reply) + 1.0));
    }
    if (context.task().local().split().isPresent()) {
      Members members = members(round, added.kept());
      metrics.put(CLUSTERS, (double) members.models());
      replies.forEach(
          reply -> metrics.put(CLUSTER + reply.site(), (double) members.place(reply.site())));
    }
    return new PhaseProduct(Optional.of(candidate), metrics, Map.of());
  }

  private static Map<String, LabelStatistics> labels(
      List<ReplyRecord> replies, List<String> contributors) {
    Map<String, LabelStatistics> told = new LinkedHashMap<>();
    for (int k = 0; k < contributors.size(); k++) {
      String contributor = contributors.get(k);
      replies.get(k).labels().ifPresent(labels -> told.put(contributor, labels));
    }
    return told;
  }

  /**
   * What a fold came to beside the model.
   *
   * @param kept server optimizer's state and what the change left out, for the next version
   * @param change the change as sites get it; empty if they get the model as it is
   */
  private record Added(List<Section> kept, Optional<Section> change) {}

  /** Adds the updates, each scaled. */
  private Added add(
      float[] vector,
      int version,
      int base,
      List<ReplyRecord> replies,
      double[] factors,
      Known known) {
    List<Section> updates = replies.stream().map(reply -> reply.sections().get(0)).toList();
    double[] weights = claims.weights(replies);
    double[] scales = scales(replies, updates, weights);
    for (int k = 0; k < scales.length; k++) {
      scales[k] *= factors[k];
    }
    if (context.task().local().scaffold()) {
      ranges.fold(vector, updates, weights, scales, control(vector, replies, known));
      return new Added(List.of(), Optional.empty());
    }
    if (context.task().local().split().isPresent()) {
      Members members =
          new SplitFold(context, ranges)
              .fold(vector, members(base, known.state()), replies, updates, weights, scales);
      return new Added(List.of(members.section(blobs::put)), Optional.empty());
    }
    Optional<ServerStep> server = server(known);
    RangeFold.Step step =
        server.map(RangeFold.Step.class::cast).orElseGet(() -> clusters(replies, weights));
    Optional<ChangeStep> change = change(step, version, known);
    try {
      ranges.fold(
          vector, updates, weights, scales, change.map(RangeFold.Step.class::cast).orElse(step));
    } catch (ArithmeticException | IllegalArgumentException refused) {
      server.ifPresent(ServerStep::discard);
      change.ifPresent(ChangeStep::discard);
      throw refused;
    }
    List<Section> kept = new ArrayList<>(server.map(ServerStep::state).orElse(List.of()));
    change.ifPresent(each -> kept.addAll(each.rest()));
    return new Added(kept, change.map(ChangeStep::change));
  }

  /** What a version of the same parameters keeps of its base: whose model is whose. */
  private List<Section> carried(int base, List<Section> kept) {
    return context.task().local().split().isPresent()
        ? List.of(members(base, kept).section(blobs::put))
        : List.of();
  }

  private Members members(int version, List<Section> kept) {
    return Members.of(version, kept, context.task().local().clusters(), blobs::get);
  }

  private RangeFold.Step clusters(List<ReplyRecord> replies, double[] weights) {
    return context.task().local().isClustered()
        ? new ClusterStep(
            context.exchange(), replies.stream().map(UpdateClaims::cluster).toList(), weights)
        : RangeFold.AS_IT_IS;
  }

  private Optional<ServerStep> server(Known known) {
    return context
        .strategy()
        .optimizer()
        .map(
            rule -> new ServerStep(rule, context.task().strategy().server(), known.state(), blobs));
  }

  private Optional<ChangeStep> change(RangeFold.Step step, int version, Known known) {
    return context
        .task()
        .compression()
        .down()
        .map(
            coding ->
                new ChangeStep(
                    step, coding, codecs, context.digest(), version, known.state(), blobs));
  }

  private ControlStep control(float[] vector, List<ReplyRecord> replies, Known known) {
    Set<String> after = new TreeSet<>(known.contributors());
    replies.forEach(reply -> after.add(reply.site()));
    int parameters = context.exchange().parameters();
    return new ControlStep(vector, parameters, known.contributors().size(), after.size());
  }

  private double[] scales(List<ReplyRecord> replies, List<Section> updates, double[] weights) {
    Aggregator rule = context.strategy().aggregator();
    boolean norms = rule.needs().contains(Aggregator.Need.SQUARED_NORM);
    List<UpdateFacts> facts = new ArrayList<>();
    for (int k = 0; k < weights.length; k++) {
      double norm = norms ? ranges.squaredNorm(updates.get(k)) : Double.NaN;
      facts.add(claims.facts(replies.get(k), norm));
    }
    return rule.factors(context.task(), facts, weights);
  }

  /** What sites reported, and the rates of what they counted. */
  private PhaseProduct evaluate(String prefix, List<ReplyRecord> replies) {
    Map<String, Evaluation> evaluations = new LinkedHashMap<>();
    for (ReplyRecord reply : replies) {
      reply.evaluation().ifPresent(told -> evaluations.put(reply.site(), told));
    }
    Map<String, Double> metrics = new LinkedHashMap<>(reported(replies));
    metrics.putAll(new Rates(context.task(), prefix, evaluations.values()).all());
    return new PhaseProduct(Optional.empty(), metrics, evaluations);
  }

  /** Local revisions count from 1: with 0 a site says that its owner holds another model. */
  private static double deployed(List<ReplyRecord> replies) {
    return replies.stream().filter(reply -> reply.localRevision() > 0).count();
  }

  /** The numbers that sites reported, each a mean weighted by the examples behind it. */
  static Map<String, Double> reported(List<ReplyRecord> replies) {
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
