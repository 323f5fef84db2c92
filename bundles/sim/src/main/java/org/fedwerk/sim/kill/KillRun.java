// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.kill;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.fedwerk.aggregate.internal.FedAvg;
import org.fedwerk.api.Digest;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.coordinator.Contributions;
import org.fedwerk.api.coordinator.Coordination.RoundRecord;
import org.fedwerk.api.learn.Engine;
import org.fedwerk.api.link.Address;
import org.fedwerk.api.message.Body;
import org.fedwerk.api.message.Disclosure;
import org.fedwerk.api.message.Header;
import org.fedwerk.api.message.Kind;
import org.fedwerk.api.message.Message;
import org.fedwerk.api.message.Party;
import org.fedwerk.api.model.ModelVersion;
import org.fedwerk.api.site.SiteAgent.TaskView;
import org.fedwerk.api.task.TaskDocument;
import org.fedwerk.coordinator.internal.Orders;
import org.fedwerk.coordinator.internal.Snapshot.TaskFacts;
import org.fedwerk.sim.fault.Bench;
import org.fedwerk.sim.fault.EffectsFirst;
import org.fedwerk.sim.fault.LaterEpoch;
import org.fedwerk.sim.fault.RecordType;
import org.fedwerk.sim.fault.Replies;
import org.fedwerk.sim.fault.VirtualFederation;
import org.fedwerk.sim.fault.VirtualNetwork;
import org.fedwerk.sim.fault.WalkEngine;
import org.fedwerk.site.internal.SiteSettings;
import org.fedwerk.task.internal.YamlTaskReader;
import org.jspecify.annotations.Nullable;

/** One run on virtual time: a scenario, and at most one kill. */
public final class KillRun {
  private static final Duration LIMIT = Duration.ofHours(1);
  private static final Duration REST = Duration.ofSeconds(10);
  private static final Duration CUT = Duration.ofSeconds(25);
  private static final int SHIFTED_MOST = 50;
  private static final int ORDERS_MOST = 1000;
  private static final Duration ORDER_AGAIN = Duration.ofMillis(10);
  private static final String ODD_ONE = "c";
  private static final String USED_PART = "TRAIN-0";

  private final Scenario scenario;
  private final Map<String, PointWatch> watches = new TreeMap<>();
  private final List<String> violations = new ArrayList<>();
  private final @Nullable Point point;
  private final VirtualFederation federation;
  private final Replies replies;
  private long coordinators;

  /**
   * A run.
   *
   * @param point where to kill; null for nowhere
   * @param noise true if no two trainings are equal
   * @param effectsFirst true for the control: the actor of the point makes the mistake of {@link
   *     EffectsFirst}
   */
  public KillRun(Scenario scenario, @Nullable Point point, boolean noise, boolean effectsFirst) {
    this(scenario, point, noise, effectsFirst, false);
  }

  private KillRun(
      Scenario scenario,
      @Nullable Point point,
      boolean noise,
      boolean effectsFirst,
      boolean takenOver) {
    this.scenario = scenario;
    this.point = point;
    VirtualFederation.Setup plain = VirtualFederation.Setup.plain();
    AtomicLong trainings = new AtomicLong();
    Engine engine = new WalkEngine(noise ? trainings::incrementAndGet : () -> 0);
    Map<String, EffectsFirst> mistakes = new TreeMap<>();
    ScenarioFaults faults = new ScenarioFaults(scenario, ODD_ONE);
    federation =
        new VirtualFederation(
            new VirtualFederation.Setup(
                plain.sites(),
                site -> faults.engine(site, engine),
                faults.aggregator(new FedAvg()),
                faults.weather(),
                faults::work,
                this::watch,
                actor ->
                    storage -> {
                      if (takenOver && actor.equals(VirtualNetwork.COORDINATOR)) {
                        return new LaterEpoch(storage, ++coordinators);
                      }
                      if (!effectsFirst || point == null || !actor.equals(point.actor())) {
                        return storage;
                      }
                      EffectsFirst mistake = new EffectsFirst();
                      mistakes.put(actor, mistake);
                      return mistake.over(storage);
                    },
                actor ->
                    link -> mistakes.containsKey(actor) ? mistakes.get(actor).over(link) : link,
                plain.restart()));
    if (scenario == Scenario.CONTRIBUTION) {
      plain.sites().forEach(site -> federation.policy(site, SiteSettings::allowingContribution));
    }
    if (scenario == Scenario.STANDARDISED) {
      plain
          .sites()
          .forEach(site -> federation.policy(site, own -> own.withStatistics().withLabels()));
    }
    replies = new Replies(federation.sealed(VirtualNetwork.COORDINATOR));
    federation.network().observe((from, address, payload) -> replies.sent(address, payload));
  }

  private PointWatch watch(String actor) {
    return watches.computeIfAbsent(
        actor,
        id ->
            new PointWatch(
                point != null && id.equals(point.actor()) ? point : null,
                life -> {
                  throw life.stop();
                }));
  }

  /**
   * A run in which another coordinator takes over, with the next epoch, from one that is killed.
   */
  static KillRun takenOver(Scenario scenario, @Nullable Point point, boolean noise) {
    return new KillRun(scenario, point, noise, false, true);
  }

  /** Runs to the end. */
  public Outcome run() {
    try {
      federation.start();
      String first = scenario.task(1);
      federation.submit(first);
      script();
      finish(first);
      if (scenario == Scenario.SUCCESSOR) {
        String second = scenario.task(2);
        federation.submit(second);
        finish(second);
      }
      if (scenario == Scenario.PREDICT) {
        predict();
      }
      if (scenario == Scenario.DELETE) {
        delete();
      }
      if (scenario == Scenario.DRIFT) {
        drift(first);
      }
      if (scenario == Scenario.PROMOTE) {
        new Promotion(federation).run();
      }
      rest();
    } catch (RuntimeException broken) {
      violations.add("the run broke: " + broken);
    }
    try (federation) {
      return outcome();
    }
  }

  private void script() {
    if (scenario == Scenario.STALL) {
      await(() -> phase().equals("train"), "a first phase");
      federation.network().cut(ODD_ONE, true);
      federation.time().after(CUT, () -> federation.network().cut(ODD_ONE, false));
    } else if (scenario == Scenario.FORGED) {
      await(() -> phase().equals("evaluate"), "a second phase");
      forge();
    } else if (scenario == Scenario.ORDERS) {
      await(() -> phase().equals("train"), "a first phase");
      insist(Orders.Kind.PAUSE, "paused");
      insist(Orders.Kind.RESUME, "resumed");
      insist(Orders.Kind.ABORT, "aborted");
      insist(Orders.Kind.RETRY, "tried again");
    }
  }

  /** Gives an order until it is on record, as a person does who sees that it was not followed. */
  private void insist(Orders.Kind kind, String done) {
    BooleanSupplier isDone =
        () ->
            federation.tasks().stream()
                .flatMap(task -> task.acts().stream())
                .anyMatch(act -> act.what().equals(done));
    for (int i = 0; i < ORDERS_MOST && !isDone.getAsBoolean(); i++) {
      federation.order(new Orders.Order(kind, "ops", ""));
      var unused = federation.run(ORDER_AGAIN, isDone);
    }
    if (!isDone.getAsBoolean()) {
      throw new IllegalStateException("the task was not " + done);
    }
  }

  private String phase() {
    return federation.tasks().stream().map(task -> task.run().phase()).findFirst().orElse("");
  }

  private void forge() {
    Digest task = federation.tasks().get(0).run().digest();
    Body body =
        new Body.Manifest(
            task, List.of(), 1, Disclosure.INDIVIDUAL, List.of(), Optional.empty(), 0, null);
    Header header =
        new Header(
            Header.MAJOR,
            Header.MINOR,
            federation.name(),
            new Party(Party.Role.SITE, ODD_ONE),
            VirtualNetwork.COORDINATOR,
            Kind.MANIFEST,
            task,
            1,
            1,
            0,
            500,
            0,
            1,
            Header.NO_ENCRYPTION);
    byte[] forged = federation.sealed(ODD_ONE).seal(new Message(header, body));
    federation
        .network()
        .inject(
            new Address(
                federation.name(), Address.Branch.FROM, ODD_ONE, Kind.MANIFEST, task.brief()),
            forged);
  }

  private void finish(String yaml) {
    await(() -> isFinished(yaml), "the end of the task");
  }

  private boolean isFinished(String yaml) {
    Optional<TaskFacts> task = facts(yaml);
    if (task.isEmpty() || !task.get().run().state().equals("finished")) {
      return false;
    }
    if (scenario == Scenario.PROMOTE) {
      return true; // nothing is deployed before somebody promotes it
    }
    List<RoundRecord> rounds = task.get().rounds();
    Digest last = rounds.get(rounds.size() - 1).model();
    return federation.sites().values().stream()
        .allMatch(
            views ->
                views.stream()
                    .anyMatch(
                        view ->
                            view.digest().equals(task.get().run().digest())
                                && view.deployed().equals(Optional.of(last))));
  }

  private Optional<TaskFacts> facts(String yaml) {
    Digest digest = Digest.of(yaml.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    return federation.tasks().stream()
        .filter(task -> task.run().digest().equals(digest))
        .findFirst();
  }

  private void predict() {
    for (long part = 0; part < 2; part++) {
      for (String site : federation.sites().keySet()) {
        federation.predict(site, part);
        // One after the other, and after the restart if the site is killed over it.
        var unused = federation.run(Duration.ofSeconds(1), () -> false);
      }
    }
  }

  private void delete() {
    for (String site : federation.sites().keySet()) {
      // A person whose command was killed before anything was deleted says it again.
      federation.delete(site, USED_PART);
      var unused = federation.run(Duration.ofSeconds(1), () -> false);
      federation.delete(site, USED_PART);
      await(
          () ->
              federation.deletions(site).stream()
                  .findFirst()
                  .filter(newest -> newest.state().equals("deleted"))
                  .isPresent(),
          "the end of a deletion");
    }
  }

  /** Parts are shifted until every site has found it and asked, so that the task goes on. */
  private void drift(String yaml) {
    int ended = facts(yaml).map(task -> task.rounds().size()).orElse(0);
    BooleanSupplier goesOn =
        () -> facts(yaml).map(task -> task.run().round() > ended).orElse(false);
    for (long part = 0; part < SHIFTED_MOST && !goesOn.getAsBoolean(); part++) {
      for (String site : federation.sites().keySet()) {
        federation.predict(site, Bench.SHIFTED + part);
      }
      var unused = federation.run(Duration.ofSeconds(1), () -> false);
    }
    await(goesOn, "a round that sites asked for");
    finish(yaml);
  }

  /** What is still under way ends, and a kill that waits for an effect that never comes happens. */
  private void rest() {
    var unused = federation.run(REST, () -> false);
    if (point != null && watch(point.actor()).isDue()) {
      watch(point.actor()).killed();
      federation.kill(point.actor());
      federation.start();
      unused = federation.run(REST, () -> false);
    }
    if (point != null && !watch(point.actor()).isDone()) {
      violations.add("point " + point + " was not reached");
    }
  }

  private void await(BooleanSupplier until, String what) {
    if (!federation.run(LIMIT, until)) {
      throw new IllegalStateException(
          what
              + " did not come; tasks "
              + federation.tasks().stream().map(TaskFacts::run).toList()
              + ", sites "
              + federation.sites());
    }
  }

  private Outcome outcome() {
    List<String> facts = new ArrayList<>();
    violations.addAll(replies.contradictions());
    for (TaskFacts task : federation.tasks()) {
      for (ModelVersion model : task.models()) {
        facts.add("model " + model.version() + " " + model.digest().hex());
      }
      for (RoundRecord round : task.rounds()) {
        facts.add("round " + round.round() + " " + round.protocol() + " " + round.model().hex());
        Contributions.of(round).ifPresent(found -> facts.add("sites add " + found));
      }
      violations.addAll(replies.differences(document(task), task.rounds(), task.models()));
    }
    federation
        .sites()
        .forEach(
            (site, views) -> {
              for (TaskView view : views) {
                facts.add("site " + site + " runs " + view.deployed().map(Digest::hex).orElse("-"));
              }
              federation.deletions(site).stream()
                  .filter(each -> each.state().equals("deleted"))
                  .forEach(each -> facts.add("site " + site + " deleted what " + each.uses()));
            });
    return new Outcome(facts, violations, replies.count());
  }

  private static TaskDocument document(TaskFacts task) {
    for (Scenario each : Scenario.values()) {
      for (int seed = 1; seed <= 2; seed++) {
        String yaml = each.task(seed);
        if (Digest.of(yaml.getBytes(java.nio.charset.StandardCharsets.UTF_8))
            .equals(task.run().digest())) {
          try {
            return new YamlTaskReader().read(yaml);
          } catch (RefusedException refused) {
            throw new IllegalStateException(refused.getMessage(), refused);
          }
        }
      }
    }
    throw new IllegalStateException("no document of task " + task.run().name());
  }

  /** How many records of each type each actor began. */
  public Map<String, Map<RecordType, Integer>> records() {
    Map<String, Map<RecordType, Integer>> all = new TreeMap<>();
    watches.forEach((actor, watch) -> all.put(actor, watch.seen()));
    return all;
  }
}
