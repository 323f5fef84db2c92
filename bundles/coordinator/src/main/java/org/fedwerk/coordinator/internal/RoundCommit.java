// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.fedwerk.api.Digest;
import org.fedwerk.api.coordinator.Contributions;
import org.fedwerk.api.coordinator.Coordination.RoundRecord;
import org.fedwerk.api.learn.Evaluation;
import org.fedwerk.api.model.ModelVersion;
import org.fedwerk.api.task.DriftSpec;
import org.fedwerk.api.task.RoundsSpec;
import org.fedwerk.coordinator.internal.registry.MetricRest;
import org.fedwerk.coordinator.internal.registry.Registry;
import org.fedwerk.coordinator.internal.registry.StoredModel;
import org.fedwerk.coordinator.internal.round.Closed;
import org.fedwerk.coordinator.internal.round.Effect;

/** Turns the products of a round's phases into its row of the run history and its model. */
final class RoundCommit {
  private final TaskContext context;
  private final RoundBook book;

  RoundCommit(TaskContext context, RoundBook book) {
    this.context = context;
    this.book = book;
  }

  /**
   * What a round came to.
   *
   * @param round its row
   * @param made the model it made; empty if it only judged one
   */
  record Result(RoundRecord round, Optional<StoredModel> made) {}

  Result result(Effect.Commit commit, List<PhaseProduct> products, Registry registry) {
    Map<String, Double> metrics = metrics(commit, products);
    Map<String, Evaluation> evaluations = new LinkedHashMap<>();
    for (PhaseProduct product : products) {
      evaluations.putAll(product.evaluations());
    }
    Map<String, String> missing = new TreeMap<>();
    for (Closed closed : commit.closed()) {
      closed.missing().forEach(missing::putIfAbsent);
    }
    Optional<StoredModel> made =
        products.stream()
            .filter(product -> !Protocols.isAfterTraining(commit.protocol()))
            .map(PhaseProduct::candidate)
            .flatMap(Optional::stream)
            .findFirst()
            .map(candidate -> model(candidate, metrics));
    Digest model = made.orElseGet(registry::best).version().digest();
    RoundRecord round =
        new RoundRecord(
            context.digest(),
            commit.place().round(),
            commit.place().attempt(),
            commit.protocol(),
            model,
            context.task().seed(),
            commit.cohort(),
            missing,
            metrics,
            evaluations,
            book.down(),
            book.up(),
            book.started(commit.place()),
            book.duration(commit.place()));
    return new Result(round, made);
  }

  private Map<String, Double> metrics(Effect.Commit commit, List<PhaseProduct> products) {
    if (commit.protocol().equals(Protocols.CONTRIBUTION)) {
      return SubsetFolds.metrics(context, commit.closed(), products);
    }
    Map<String, Double> metrics = new LinkedHashMap<>();
    products.forEach(product -> metrics.putAll(product.metrics()));
    return metrics;
  }

  private StoredModel model(PhaseProduct.Candidate candidate, Map<String, Double> metrics) {
    double metric =
        metrics.getOrDefault("validation." + context.task().rounds().metric(), Double.NaN);
    ModelVersion version =
        new ModelVersion(
            context.digest(),
            candidate.model().version(),
            candidate.model().digest(),
            candidate.base(),
            candidate.contributors(),
            candidate.weights(),
            metric);
    return new StoredModel(version, candidate.model(), candidate.state(), candidate.labels());
  }

  /** The next round's protocol; empty if the task is done. */
  Optional<String> next(String protocol, Registry registry) {
    if (protocol.equals(Protocols.FINAL)) {
      return Optional.empty();
    } else if (protocol.equals(Protocols.STATISTICS)) {
      return Optional.of(Protocols.TRAIN);
    }
    if (protocol.equals(Protocols.CONTRIBUTION)) {
      return Optional.of(Protocols.FINAL);
    }
    DriftSpec drift = context.task().drift();
    RoundsSpec rounds = context.task().rounds();
    int max = drift == null || registry.before() == 0 ? rounds.max() : drift.rounds();
    int before = Math.max(registry.before(), context.task().standardisesTogether() ? 1 : 0);
    boolean rests = MetricRest.rests(rounds, max, before, registry.sinceBegin());
    return Optional.of(rests ? afterTraining() : Protocols.TRAIN);
  }

  private String afterTraining() {
    return context.task().contribution() == null ? Protocols.FINAL : Protocols.CONTRIBUTION;
  }

  /** One line for the log. */
  String line(RoundRecord round) {
    if (round.protocol().equals(Protocols.STATISTICS)) {
      int sites = round.cohort().size() - round.missing().size();
      return "round " + round.round() + " committed, statistics of " + sites + " sites are merged";
    }
    Optional<Contributions> found = Contributions.of(round);
    if (found.isPresent()) {
      return String.format(
          Locale.ROOT,
          "round %d committed, %d of %d models of subsets of %s judged, %.3f s",
          round.round(),
          found.get().judged(),
          found.get().needed(),
          round.cohort(),
          round.duration().toNanos() / 1e9);
    }
    String metric = context.task().rounds().metric();
    String prefix = round.protocol().equals(Protocols.FINAL) ? "test." : "validation.";
    double value = round.metrics().getOrDefault(prefix + metric, Double.NaN);
    return String.format(
        Locale.ROOT,
        "round %d committed, model %s, %s%s %.4f, %d of %d sites, %.3f s",
        round.round(),
        round.model().brief(),
        prefix,
        metric,
        value,
        round.cohort().size() - round.missing().size(),
        round.cohort().size(),
        round.duration().toNanos() / 1e9);
  }
}
