// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.fedwerk.api.coordinator.Contributions;
import org.fedwerk.api.message.ModelReference;
import org.fedwerk.api.task.ContributionSpec;
import org.fedwerk.coordinator.internal.blobs.BlobKeeper;
import org.fedwerk.coordinator.internal.contribution.Shares;
import org.fedwerk.coordinator.internal.replies.ReplyRecord;
import org.fedwerk.coordinator.internal.round.Closed;
import org.fedwerk.coordinator.internal.round.Reply;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Folds of the protocol that finds what each site adds: one phase's updates are kept, and of each
 * subset of their sites the model is made that it alone would have made of the same start, judged
 * in a phase of its own, and dropped. Runner thread only.
 */
final class SubsetFolds {
  private static final Logger LOG = LoggerFactory.getLogger(SubsetFolds.class);

  /** Which subset a product is about; without it two could be the same bytes. */
  private static final String INDEX = "subset";

  /** What a site told of a subset's model. */
  private static final String TOLD = "told.";

  private final TaskContext context;
  private final PhaseFolds folds;
  private final BlobKeeper.Holder blobs;

  SubsetFolds(TaskContext context, PhaseFolds folds, BlobKeeper.Holder blobs) {
    this.context = context;
    this.folds = folds;
    this.blobs = blobs;
  }

  /**
   * What subsets start from.
   *
   * @param version number that their models get
   * @param base the model that was trained from
   * @param known what goes with it
   */
  record Start(int version, ModelReference base, PhaseFolds.Known known) {}

  /**
   * What a fold came to.
   *
   * @param product the next subset's model, if there is one
   * @param models how many are judged in all
   */
  record Made(PhaseProduct product, int models) {}

  /** The updates are here: makes the first subset's model, unless there are too many subsets. */
  Made first(Start start, List<ReplyRecord> updates) {
    Map<String, Double> metrics = new LinkedHashMap<>(PhaseFolds.reported(updates));
    List<BitSet> subsets = subsets(updates);
    if (subsets.size() > ContributionSpec.MODELS_MOST) {
      LOG.warn(
          "task {}: contributions are not found: {}",
          context.task().name(),
          Contributions.incomplete(subsets.size(), 0).problem());
      return new Made(new PhaseProduct(Optional.empty(), metrics, Map.of()), 0);
    }
    return made(start, updates, subsets, 0, metrics);
  }

  /**
   * A subset's model was judged: takes that down and makes the next one's.
   *
   * @param index of the subset that was judged, from 0
   * @param updates those that were kept
   */
  Made next(Start start, int index, List<ReplyRecord> told, List<ReplyRecord> updates) {
    List<BitSet> subsets = subsets(updates);
    String metric = context.task().rounds().metric();
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put(INDEX, (double) index);
    for (ReplyRecord each : told) {
      each.evaluation().ifPresent(made -> metrics.put(TOLD + each.site(), made.metric(metric)));
    }
    return made(start, updates, subsets, index + 1, metrics);
  }

  private Made made(
      Start start,
      List<ReplyRecord> updates,
      List<BitSet> subsets,
      int index,
      Map<String, Double> metrics) {
    Optional<PhaseProduct.Candidate> model = Optional.empty();
    int models = subsets.size();
    if (index < models) {
      try {
        model = Optional.of(model(start, updates, subsets.get(index)));
      } catch (ArithmeticException | IllegalArgumentException refused) {
        // Another attempt would come to the same, and the task's own model is not concerned.
        LOG.warn(
            "task {}: contributions are not found: the model of {} cannot be made: {}",
            context.task().name(),
            chosen(updates, subsets.get(index)).stream().map(ReplyRecord::site).toList(),
            refused.getMessage());
        models = index;
      }
    }
    return new Made(new PhaseProduct(model, metrics, Map.of()), models);
  }

  private PhaseProduct.Candidate model(Start start, List<ReplyRecord> updates, BitSet subset) {
    List<ReplyRecord> chosen = chosen(updates, subset);
    if (!chosen.isEmpty()) {
      return folds
          .aggregate(start.version(), start.base(), start.known(), chosen, List.of())
          .candidate()
          .orElseThrow();
    }
    // With the version's own number a site would run what it tuned for that version.
    ModelReference base = start.base();
    ModelReference same =
        new ModelReference(start.version(), base.digest(), base.layout(), base.parameters())
            .with(base.statistics());
    blobs.hold(same.blobs());
    return new PhaseProduct.Candidate(same, base.digest(), List.of(), List.of(), List.of());
  }

  private List<BitSet> subsets(List<ReplyRecord> updates) {
    return shares(context, updates.stream().map(ReplyRecord::site).toList()).subsets();
  }

  private static List<ReplyRecord> chosen(List<ReplyRecord> updates, BitSet subset) {
    return subset.stream().mapToObj(updates::get).toList();
  }

  private static Shares shares(TaskContext context, List<String> sites) {
    ContributionSpec spec = context.task().contribution();
    if (spec == null) {
      throw new IllegalStateException(context.task().name() + " asks for no contribution");
    }
    return new Shares(spec, sites, context.task().seed());
  }

  /**
   * The metrics of the round.
   *
   * @param closed its phases
   * @param products of them
   */
  static Map<String, Double> metrics(
      TaskContext context, List<Closed> closed, List<PhaseProduct> products) {
    Map<String, Double> metrics = new LinkedHashMap<>(products.get(0).metrics());
    List<Map<String, Double>> told = new ArrayList<>();
    for (PhaseProduct product : products.subList(1, products.size())) {
      Map<String, Double> bySite = new LinkedHashMap<>();
      product
          .metrics()
          .forEach(
              (name, value) -> {
                if (name.startsWith(TOLD)) {
                  bySite.put(name.substring(TOLD.length()), value);
                }
              });
      told.add(bySite);
    }
    Shares shares = shares(context, closed.get(0).replies().stream().map(Reply::site).toList());
    int needed = shares.subsets().size();
    Contributions found =
        told.size() == needed
            ? shares.of(context.task().rounds().metric(), told)
            : Contributions.incomplete(needed, told.size());
    metrics.putAll(found.metrics());
    return metrics;
  }
}
