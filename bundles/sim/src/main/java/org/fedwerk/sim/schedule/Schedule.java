// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.schedule;

import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.fedwerk.aggregate.internal.FedAvg;
import org.fedwerk.api.Digest;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.coordinator.Coordination.RoundRecord;
import org.fedwerk.api.model.ModelVersion;
import org.fedwerk.api.task.TaskDocument;
import org.fedwerk.coordinator.internal.Snapshot.TaskFacts;
import org.fedwerk.sim.fault.Bench;
import org.fedwerk.sim.fault.Life;
import org.fedwerk.sim.fault.VirtualFederation;
import org.fedwerk.sim.fault.WalkEngine;
import org.fedwerk.sim.fault.Watch;
import org.fedwerk.sim.fault.Weather;
import org.fedwerk.task.internal.YamlTaskReader;

/**
 * One run with random faults: kills between steps and in the middle of one, cut links, a broker
 * that loses its sessions, full disks, and a network that loses, repeats, delays, reorders and
 * damages. Then the faults end, and the task must. A seed gives the same run again.
 */
public final class Schedule {
  private static final Duration FAULTS = Duration.ofSeconds(400);
  private static final Duration LIMIT = Duration.ofHours(2);

  /** How the task treats sites that are slow. */
  public enum Rounds {
    /** Late updates are dropped. */
    PLAIN("max: 6, least: 6, patience: 6, cohort-least: 3, quorum: 2, stall: 10s, longest: 60s"),
    /** Late updates count in a later round. */
    LATE(
        "max: 6, least: 6, patience: 6, cohort-least: 3, quorum: 2, stall: 5s, longest: 30s, late: staleness, staleness: {most: 3}"),
    /** Each two updates make a version. */
    ASYNCHRONOUS(
        "max: 12, least: 12, patience: 12, cohort-least: 3, stall: 5s, mode: asynchronous, buffer: 2");

    private final String lines;

    Rounds(String lines) {
      this.lines = lines;
    }
  }

  private final SplittableRandom random;
  private final RandomWeather weather;
  private final VirtualFederation federation;
  private final Checker checker;
  private final String yaml;
  private final MessageDigest sent = Digest.sha256();
  private boolean calm;
  private final double killInStep;

  /** A run of the product as it is. */
  public Schedule(long seed) {
    this(seed, Rounds.PLAIN, Optional.empty());
  }

  /** A run of the product as it is, with a task of another kind. */
  public Schedule(long seed, Rounds rounds) {
    this(seed, rounds, Optional.empty());
  }

  /** A run with a bug put in. */
  public Schedule(long seed, Mutant mutant) {
    this(seed, Rounds.PLAIN, Optional.of(mutant));
  }

  private Schedule(long seed, Rounds rounds, Optional<Mutant> mutant) {
    yaml = Bench.task(1, rounds.lines);
    random = new SplittableRandom(seed);
    weather = new RandomWeather(random.split());
    killInStep = random.nextDouble(0, 0.004);
    SplittableRandom pace = random.split();
    AtomicLong trainings = new AtomicLong(seed << 20);
    VirtualFederation.Setup plain = VirtualFederation.Setup.plain();
    Optional<Mutant.Bug> bug = mutant.map(each -> each.bug(weather::before));
    List<String> sites =
        random.nextBoolean() ? List.of("a", "b", "c") : List.of("a", "b", "c", "d");
    federation =
        new VirtualFederation(
            new VirtualFederation.Setup(
                sites,
                site -> new WalkEngine(trainings::incrementAndGet),
                bug.map(each -> each.aggregator(new FedAvg())).orElse(new FedAvg()),
                weather,
                site -> Duration.ofMillis(pace.nextInt(5, 6000)),
                actor -> watch(random.split()),
                actor -> bug.map(each -> each.storage(actor)).orElse(UnaryOperator.identity()),
                actor -> bug.map(each -> each.link(actor)).orElse(UnaryOperator.identity()),
                () -> Duration.ofMillis(pace.nextInt(50, plain.sites().size() * 10_000))));
    checker = new Checker(federation, task(yaml));
    federation.network().observe((from, address, payload) -> sent.update(payload));
  }

  private static TaskDocument task(String yaml) {
    try {
      return new YamlTaskReader().read(yaml);
    } catch (RefusedException refused) {
      throw new IllegalStateException(refused.getMessage(), refused);
    }
  }

  /** Kills in the middle of a step, at a record or after an effect. */
  private Watch watch(SplittableRandom dice) {
    return new Watch() {
      private void roll(Life life) {
        if (!calm && dice.nextDouble() < killInStep) {
          throw life.stop();
        }
      }

      @Override
      public void before(Life life, String journal, byte[] record) {
        roll(life);
      }

      @Override
      public void after(Life life, String journal, byte[] record) {
        roll(life);
      }

      @Override
      public void effect(Life life) {
        roll(life);
      }
    };
  }

  /**
   * Runs.
   *
   * @return what was broken; empty if nothing was
   */
  public List<Violation> run() {
    boolean ended;
    try {
      federation.start();
      federation.submit(yaml);
      fault();
      var unused = federation.run(FAULTS, this::isBroken);
      calm();
      ended = federation.run(LIMIT, () -> isBroken() || isEnded());
    } catch (RuntimeException broken) {
      List<Violation> all = new ArrayList<>(checker.violations());
      all.add(new Violation(Invariant.ENDS, "the run broke: " + broken));
      return all;
    }
    checker.end(ended);
    return checker.violations();
  }

  /** Digest over every message that was sent, in order: two equal runs have the same. */
  public Digest trace() {
    return Digest.ofRaw(sent.digest());
  }

  /** How many late updates are in models. */
  public long late() {
    return federation.tasks().stream()
        .flatMap(task -> task.models().stream())
        .flatMap(model -> model.contributors().stream())
        .filter(name -> !ModelVersion.site(name).equals(name))
        .count();
  }

  /** How often anybody was killed. */
  public int kills() {
    return federation.ids().stream().mapToInt(federation::kills).sum();
  }

  private void fault() {
    if (calm) {
      return;
    }
    String victim = federation.ids().get(random.nextInt(federation.ids().size()));
    Duration length = Duration.ofMillis(random.nextInt(50, 40_000));
    switch (random.nextInt(5)) {
      case 0, 1 -> {
        federation.kill(victim);
        federation.time().after(length, federation::start);
      }
      case 2 -> {
        federation.network().cut(victim, true);
        federation.time().after(length, () -> federation.network().cut(victim, false));
      }
      case 3 -> {
        federation.disk(victim).full(true);
        federation.time().after(length, () -> federation.disk(victim).full(false));
      }
      default -> {
        federation.ids().forEach(federation.network()::forget);
        federation.ids().forEach(this::reconnect);
      }
    }
    federation.time().after(Duration.ofMillis(random.nextInt(1000, 30_000)), this::fault);
  }

  private void reconnect(String party) {
    federation.network().cut(party, true);
    federation.network().cut(party, false);
  }

  /** No fault from now on; what was lost on the way shows as a link that comes back. */
  private void calm() {
    calm = true;
    federation.network().weather(Weather.FAIR);
    federation.ids().forEach(id -> federation.disk(id).full(false));
    federation.ids().forEach(this::reconnect);
    federation.start();
  }

  /** What is broken stays broken: the rest of the run would show nothing more. */
  private boolean isBroken() {
    return !checker.violations().isEmpty();
  }

  private boolean isEnded() {
    for (TaskFacts task : federation.tasks()) {
      if (task.run().state().equals("finished")) {
        List<RoundRecord> rounds = task.rounds();
        Optional<Digest> last =
            rounds.isEmpty()
                ? Optional.empty()
                : Optional.of(rounds.get(rounds.size() - 1).model());
        return federation.sites().values().stream()
            .allMatch(views -> views.stream().anyMatch(view -> view.deployed().equals(last)));
      }
    }
    return false;
  }
}
