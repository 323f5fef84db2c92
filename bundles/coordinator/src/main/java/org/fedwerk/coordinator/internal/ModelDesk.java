// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.fedwerk.api.Digest;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.coordinator.Coordination.RoundRecord;
import org.fedwerk.api.coordinator.ModelRegistry;
import org.fedwerk.api.coordinator.ModelRegistry.State;
import org.fedwerk.api.message.Body;
import org.fedwerk.api.message.ModelReference;
import org.fedwerk.api.model.ModelVersion;
import org.fedwerk.api.store.Journal;
import org.fedwerk.api.task.PromotionSpec;
import org.fedwerk.coordinator.internal.models.Deciders;
import org.fedwerk.coordinator.internal.models.Judge;
import org.fedwerk.coordinator.internal.models.Lifecycle;
import org.fedwerk.coordinator.internal.models.Step;
import org.fedwerk.coordinator.internal.models.StepCodec;
import org.fedwerk.coordinator.internal.registry.Registry;
import org.fedwerk.coordinator.internal.registry.StoredModel;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a task's versions go from candidate to active, and out to the sites: each step is forced to
 * the journal before it has an effect, and what follows from steps, rounds and what sites report is
 * found anew each time. Runner thread only.
 */
final class ModelDesk {
  private static final Logger LOG = LoggerFactory.getLogger(ModelDesk.class);

  private final TaskContext context;
  private final TaskServices services;
  private final Journal journal;
  private final Supplier<? extends Collection<String>> known;
  private final BiConsumer<String, Body.Assignment> send;
  private final PromotionSpec promotion;
  private final Judge judge;
  private final Lifecycle lifecycle = new Lifecycle();
  private final Map<String, Heard> heard = new TreeMap<>();
  private final Map<String, Long> sent = new HashMap<>();
  private @Nullable Registry registry;
  private @Nullable ModelViews views;
  private boolean ends;
  private long waveSince;

  /** A site's newest word. */
  record Heard(long sequence, Body.Running running) {}

  /**
   * Reads what is there.
   *
   * @param known sites that take part in the task
   * @param send tells a site what to deploy
   */
  ModelDesk(
      TaskContext context,
      TaskServices services,
      Journal journal,
      Supplier<? extends Collection<String>> known,
      BiConsumer<String, Body.Assignment> send) {
    this.context = context;
    this.services = services;
    this.journal = journal;
    this.known = known;
    this.send = send;
    promotion = context.task().promotion();
    judge = new Judge(promotion.rollout().gate(), metric(), context.task().leastCount());
    journal.replay(
        journal.first(), (sequence, bytes) -> lifecycle.take(sequence, StepCodec.decode(bytes)));
  }

  private String metric() {
    return promotion.isGated() ? promotion.metric() : context.task().rounds().metric();
  }

  /** Versions whose bytes sites may need. */
  Set<Integer> needed() {
    return promotion.isGated() ? lifecycle.needed() : Set.of();
  }

  /** The registry was read; version 0 is in it. */
  void bind(Registry read) {
    registry = read;
    views = new ModelViews(context, lifecycle, read, heard, metric());
    waveSince = services.nanos().getAsLong();
  }

  /**
   * A round was committed, or was before the start: steps that a kill left out are made up for.
   *
   * @param last true if the task trains no more
   */
  void committed(boolean last) {
    ends = last;
    if (views != null) {
      views.changed();
    }
    advance();
  }

  /** Follows a person's order. */
  void order(ModelOrder order) throws RefusedException {
    Instant at = services.clock().instant();
    ModelOrders orders = new ModelOrders(context, lifecycle, registry());
    Optional<Step> step = orders.step(order, at);
    String what = order.kind().name().toLowerCase(java.util.Locale.ROOT);
    int about = order.version() == 0 ? step.map(Step::version).orElse(0) : order.version();
    String reason = order.reason().isEmpty() ? "" : ": " + order.reason();
    services
        .audit()
        .record(
            context.task().name()
                + " model "
                + about
                + ": "
                + what
                + " ordered by "
                + order.by()
                + reason);
    write(step.orElseGet(() -> begin(order.version(), order.by(), order.reason(), at)));
    advance();
  }

  /** A site says where it stands. */
  void synced(String site, @Nullable Digest deployed) {
    boolean wants = lifecycle.assigned(site).isPresent() || deployed != null;
    if (promotion.isGated() && lifecycle.revision() > 0 && wants) {
      assign(site);
    }
  }

  /** A site says what runs. */
  void reported(String site, long sequence, Body.Running running) {
    Heard before = heard.get(site);
    if (!promotion.isGated() || (before != null && before.sequence() >= sequence)) {
      return;
    }
    heard.put(site, new Heard(sequence, running));
    if (isBehind(site, running)) {
      long now = services.nanos().getAsLong();
      Long last = sent.get(site);
      if (last == null || now - last >= services.patience().nanos(site, false)) {
        assign(site);
      }
    }
    advance();
  }

  private boolean isBehind(String site, Body.Running running) {
    if (lifecycle.revision() == 0) {
      return false;
    }
    boolean unaware =
        lifecycle
            .going()
            .filter(now -> now.reached(site) && running.revision() < now.revision(site))
            .isPresent();
    Optional<Body.Served> active =
        running.served().stream().filter(Body.Served::active).findFirst();
    Optional<Digest> assigned = lifecycle.assigned(site).map(this::digest);
    boolean held = active.isPresent() && active.get().held();
    return unaware || (!held && !active.map(Body.Served::model).equals(assigned));
  }

  private Digest digest(int version) {
    return lifecycle.entry(version).orElseThrow().digest();
  }

  /** Time went on. */
  void tick() {
    if (lifecycle.going().isPresent()) {
      advance();
    }
  }

  private void advance() {
    boolean moved = false;
    for (Optional<Step> next = next(); next.isPresent(); next = next()) {
      write(next.get());
      moved = true;
    }
    if (moved) {
      registry().needsChanged();
    }
  }

  private void write(Step step) {
    long sequence = journal.append(StepCodec.encode(step));
    journal.force();
    lifecycle.take(sequence, step);
    if (views != null) {
      views.changed();
    }
    if (promotion.isGated()) {
      told(step);
    } else {
      LOG.debug("task {}: {}", context.task().name(), step);
    }
  }

  private void told(Step step) {
    String why = step.why().isEmpty() ? "" : ": " + step.why();
    LOG.info(
        "task {}: model version {} {} by {}{}",
        context.task().name(),
        step.version(),
        ModelViews.word(step),
        step.by(),
        why);
    if (step instanceof Step.WaveBegan began) {
      waveSince = services.nanos().getAsLong();
      began.waves().get(began.wave() - 1).forEach(this::assign);
    } else if (step instanceof Step.Activated || step instanceof Step.RolledBack) {
      assignAll();
    }
  }

  /** Tells each site what it is to deploy, as after a start and after a cut. */
  void assignAll() {
    if (promotion.isGated() && lifecycle.revision() > 0) {
      Set<String> all = new TreeSet<>(known.get());
      all.addAll(heard.keySet());
      lifecycle.going().ifPresent(now -> all.addAll(now.reached()));
      all.forEach(this::assign);
    }
  }

  private void assign(String site) {
    Optional<ModelReference> model =
        lifecycle.assigned(site).flatMap(registry()::find).map(StoredModel::reference);
    if (model.isEmpty() && lifecycle.assigned(site).isPresent()) {
      return; // its bytes are gone, so nobody could fetch it
    }
    sent.put(site, services.nanos().getAsLong());
    send.accept(site, new Body.Assignment(lifecycle.revision(), model));
  }

  /** What follows from all that is known, one step at a time; empty if nothing does. */
  private Optional<Step> next() {
    Instant at = services.clock().instant();
    for (ModelVersion version : registry().models()) {
      if (lifecycle.entry(version.version()).isEmpty()) {
        String card =
            ModelCard.of(
                context,
                version,
                registry().made(version.version()),
                registry().find(version.version()));
        return Optional.of(new Step.Added(version.version(), version.digest(), card, at));
      }
    }
    if (!promotion.isGated()) {
      int wanted = (ends ? registry().best() : registry().base()).version().version();
      return lifecycle.active().equals(Optional.of(wanted))
          ? Optional.empty()
          : Optional.of(new Step.Activated(wanted, Deciders.ROUNDS, "", at));
    }
    if (lifecycle.going().isPresent()) {
      Optional<Step> step = gate(lifecycle.going().get(), at);
      if (step.isPresent()) {
        return step;
      }
    }
    return promotion.by() == PromotionSpec.By.RULE ? rule(at) : Optional.empty();
  }

  private Optional<Step> gate(Lifecycle.Going going, Instant at) {
    if (going.passed()) {
      return Optional.of(
          going.isLast()
              ? new Step.Activated(going.version(), going.by(), "", at)
              : new Step.WaveBegan(
                  going.version(), going.wave() + 1, going.waves(), Deciders.GATE, "", at));
    }
    Judge.Verdict verdict = judge.judge(going, evidence(going));
    if (!verdict.breach().isEmpty()) {
      return Optional.of(
          new Step.RolledBack(
              going.version(), lifecycle.active(), Deciders.GATE, verdict.breach(), at));
    }
    return verdict.passed()
        ? Optional.of(new Step.GatePassed(going.version(), going.wave(), Deciders.GATE, "", at))
        : Optional.empty();
  }

  private Judge.Evidence evidence(Lifecycle.Going going) {
    Map<String, Body.Running> reports = new TreeMap<>();
    heard.forEach((site, said) -> reports.put(site, said.running()));
    return new Judge.Evidence(
        digest(going.version()),
        lifecycle.active().map(this::digest),
        reports,
        values(going.version()),
        lifecycle.active().map(this::values).orElse(Map.of()),
        Duration.ofNanos(services.nanos().getAsLong() - waveSince));
  }

  private Map<String, Double> values(int version) {
    return ModelViews.values(registry().made(version), metric());
  }

  /** Approves what keeps the bound at every site, and lets the newest of it go out. */
  private Optional<Step> rule(Instant at) {
    int newest = lifecycle.active().orElse(0);
    newest = Math.max(newest, lifecycle.going().map(Lifecycle.Going::version).orElse(0));
    Optional<Integer> ready = Optional.empty();
    for (Lifecycle.Entry entry : lifecycle.entries()) {
      if (entry.version() <= newest) {
        continue;
      }
      if (entry.state() == State.CANDIDATE && failing(entry.version()).isEmpty()) {
        String why = promotion.metric() + " keeps " + promotion.bound() + " at every site";
        return Optional.of(new Step.Approved(entry.version(), Deciders.RULE, why, at));
      }
      if (entry.state() == State.APPROVED && registry().find(entry.version()).isPresent()) {
        ready = Optional.of(entry.version());
      }
    }
    return lifecycle.going().isPresent()
        ? Optional.empty()
        : ready.map(version -> begin(version, Deciders.RULE, "", at));
  }

  private Step begin(int version, String by, String why, Instant at) {
    Set<String> all = new TreeSet<>(known.get());
    registry().models().stream()
        .filter(model -> model.version() == version)
        .flatMap(model -> model.contributors().stream())
        // A late update is named with its round, as site@round.
        .forEach(contributor -> all.add(contributor.split("@", 2)[0]));
    List<List<String>> waves =
        promotion.rollout().isStaged() ? promotion.rollout().over(all) : List.of();
    return waves.isEmpty()
        ? new Step.Activated(version, by, why, at)
        : new Step.WaveBegan(version, 1, waves, by, why, at);
  }

  /** Why the rule does not approve a version; empty if it does. */
  private String failing(int version) {
    Optional<RoundRecord> round = registry().made(version);
    if (registry().find(version).isEmpty()) {
      return "its bytes are kept no more";
    }
    return ModelViews.failing(promotion, round);
  }

  private Registry registry() {
    Registry now = registry;
    if (now == null) {
      throw new IllegalStateException("the model desk was not resumed");
    }
    return now;
  }

  /** The versions, for people. */
  List<ModelRegistry.Version> versions() {
    return views == null ? List.of() : views.versions();
  }

  /** How versions go out, for people. */
  Optional<ModelRegistry.Rollout> rollout() {
    if (views == null || !promotion.isGated()) {
      return Optional.empty();
    }
    Map<String, String> waits =
        lifecycle.going().map(now -> judge.judge(now, evidence(now)).waits()).orElse(Map.of());
    return Optional.of(views.rollout(known.get(), waits));
  }
}
