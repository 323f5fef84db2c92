// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.fedwerk.api.Digest;
import org.fedwerk.api.coordinator.Contributions;
import org.fedwerk.api.coordinator.Coordination.RoundRecord;
import org.fedwerk.api.coordinator.ModelRegistry;
import org.fedwerk.api.coordinator.ModelRegistry.State;
import org.fedwerk.api.message.Body;
import org.fedwerk.api.message.Metric;
import org.fedwerk.api.model.ModelVersion;
import org.fedwerk.api.task.PromotionSpec;
import org.fedwerk.coordinator.internal.models.Lifecycle;
import org.fedwerk.coordinator.internal.models.Step;
import org.fedwerk.coordinator.internal.registry.Registry;
import org.jspecify.annotations.Nullable;

/**
 * A task's models as its operator sees them. Runner thread only; what it returns may go anywhere.
 */
final class ModelViews {
  private final TaskContext context;
  private final Lifecycle lifecycle;
  private final Registry registry;
  private final Map<String, ModelDesk.Heard> heard;
  private final String metric;
  private @Nullable List<ModelRegistry.Version> versions;

  ModelViews(
      TaskContext context,
      Lifecycle lifecycle,
      Registry registry,
      Map<String, ModelDesk.Heard> heard,
      String metric) {
    this.context = context;
    this.lifecycle = lifecycle;
    this.registry = registry;
    this.heard = heard;
    this.metric = metric;
  }

  /** A step was taken. */
  void changed() {
    versions = null;
  }

  List<ModelRegistry.Version> versions() {
    List<ModelRegistry.Version> shown = versions;
    if (shown == null) {
      shown = List.copyOf(registry.models().stream().map(this::version).toList());
      versions = shown;
    }
    return shown;
  }

  private ModelRegistry.Version version(ModelVersion model) {
    Optional<Lifecycle.Entry> entry = lifecycle.entry(model.version());
    Optional<RoundRecord> round = registry.made(model.version());
    State state = entry.map(Lifecycle.Entry::state).orElse(State.CANDIDATE);
    PromotionSpec promotion = context.task().promotion();
    boolean ruled =
        state == State.CANDIDATE && promotion.by() == PromotionSpec.By.RULE && model.version() > 0;
    return new ModelRegistry.Version(
        model,
        state,
        entry.map(Lifecycle.Entry::changes).orElse(List.of()),
        registry.find(model.version()).isPresent(),
        round.map(RoundRecord::metrics).orElse(Map.of()),
        values(round, metric),
        ruled ? note(model.version(), round) : "",
        entry.map(Lifecycle.Entry::card).orElse("") + contributions(model));
  }

  /** What was found of it later is no part of the card that is kept, which never changes. */
  private String contributions(ModelVersion model) {
    return registry.rounds().stream()
        .filter(round -> round.model().equals(model.digest()))
        .map(Contributions::of)
        .flatMap(Optional::stream)
        .reduce((before, newest) -> newest)
        .map(ContributionTable::of)
        .orElse("");
  }

  private String note(int version, Optional<RoundRecord> round) {
    return registry.find(version).isEmpty()
        ? "its bytes are kept no more"
        : failing(context.task().promotion(), round);
  }

  /** The validation metric of each site that told it. */
  static Map<String, Double> values(Optional<RoundRecord> round, String metric) {
    Map<String, Double> values = new TreeMap<>();
    round
        .map(RoundRecord::evaluations)
        .orElse(Map.of())
        .forEach((site, evaluation) -> values.put(site, evaluation.metric(metric)));
    return values;
  }

  /** Why the rule does not approve what a round made; empty if it does. */
  static String failing(PromotionSpec promotion, Optional<RoundRecord> round) {
    if (round.isEmpty()) {
      return "no round has judged it";
    }
    Map<String, Double> values = values(round, promotion.metric());
    List<String> failing = new ArrayList<>();
    for (String site : new TreeSet<>(round.get().cohort())) {
      Double value = values.get(site);
      if (value == null) {
        String missing = round.get().missing().get(site);
        failing.add(site + (missing == null ? " has too few validation examples" : " " + missing));
      } else if (!promotion.passes(value)) {
        failing.add(site + " " + String.format(java.util.Locale.ROOT, "%.4g", value));
      }
    }
    return failing.isEmpty()
        ? ""
        : promotion.metric()
            + " does not keep "
            + promotion.bound()
            + " at every site: "
            + String.join(", ", failing);
  }

  ModelRegistry.Rollout rollout(Collection<String> known, Map<String, String> waits) {
    Optional<Lifecycle.Going> going = lifecycle.going();
    Set<String> all = new TreeSet<>(known);
    all.addAll(heard.keySet());
    going.ifPresent(now -> now.waves().forEach(all::addAll));
    String waitsFor =
        going.isEmpty()
            ? ""
            : waits.entrySet().stream()
                .map(
                    each -> (each.getKey().isEmpty() ? "" : each.getKey() + ": ") + each.getValue())
                .collect(Collectors.joining("; "));
    return new ModelRegistry.Rollout(
        lifecycle.active().orElse(null),
        going.map(Lifecycle.Going::version).orElse(null),
        going.map(Lifecycle.Going::wave).orElse(0),
        going.map(now -> now.waves().size()).orElse(0),
        waitsFor,
        lifecycle.takenBack(),
        all.stream().map(site -> stand(site, going, waits)).toList());
  }

  private ModelRegistry.Stand stand(
      String site, Optional<Lifecycle.Going> going, Map<String, String> waits) {
    Optional<Body.Served> active =
        Optional.ofNullable(heard.get(site)).stream()
            .flatMap(said -> said.running().served().stream())
            .filter(Body.Served::active)
            .findFirst();
    return new ModelRegistry.Stand(
        site,
        going.map(now -> now.waveOf(site)).orElse(0),
        lifecycle.assigned(site).orElse(null),
        active.flatMap(served -> named(served.model())).orElse(null),
        active.map(Body.Served::held).orElse(false),
        active.map(Body.Served::predictions).orElse(0L),
        active.map(Body.Served::failures).orElse(0L),
        value(active, Body.Served.ALARM_RATE),
        value(active, Body.Served.LATENCY_P99),
        waits.getOrDefault(site, ""));
  }

  private Optional<Integer> named(Digest digest) {
    return lifecycle.entries().stream()
        .filter(entry -> entry.digest().equals(digest))
        .map(Lifecycle.Entry::version)
        .reduce((a, b) -> b);
  }

  private static double value(Optional<Body.Served> served, String name) {
    return served.flatMap(each -> each.metric(name)).map(Metric::value).orElse(Double.NaN);
  }

  /** A step in words, for the log. */
  static String word(Step step) {
    if (step instanceof Step.Added) {
      return "added";
    } else if (step instanceof Step.Approved) {
      return "approved";
    } else if (step instanceof Step.Activated) {
      return "made active";
    } else if (step instanceof Step.Retired) {
      return "retired";
    } else if (step instanceof Step.WaveBegan began) {
      return "sent out in wave " + began.wave() + " of " + began.waves().size();
    } else if (step instanceof Step.GatePassed passed) {
      return "let through the gate of wave " + passed.wave();
    }
    return "taken back";
  }
}
