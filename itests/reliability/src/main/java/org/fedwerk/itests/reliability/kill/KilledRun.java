// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.reliability.kill;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.fedwerk.api.Digest;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.coordinator.Coordination.RoundRecord;
import org.fedwerk.api.link.Address;
import org.fedwerk.api.model.ModelVersion;
import org.fedwerk.api.task.TaskDocument;
import org.fedwerk.identity.internal.Authority;
import org.fedwerk.sim.fault.Life;
import org.fedwerk.sim.fault.Replies;
import org.fedwerk.sim.fault.WalkEngine;
import org.fedwerk.sim.fault.Watch;
import org.fedwerk.sim.kill.Outcome;
import org.fedwerk.sim.kill.Point;
import org.fedwerk.sim.kill.PointWatch;
import org.fedwerk.sim.kill.Scenario;
import org.fedwerk.task.internal.YamlTaskReader;
import org.fedwerk.wire.internal.ProtobufSealedMessages;
import org.jspecify.annotations.Nullable;

/**
 * A federation over the real link and broker: the one that is to be killed in a process of its own,
 * the others in this one.
 */
final class KilledRun implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final Duration LAST_RECORDS = Duration.ofSeconds(5);
  private static final long LOOK_MILLIS = 25;
  private static final String ODD_ONE = "c";

  private final Ground ground;
  private final Scenario scenario;
  private final @Nullable Point point;
  private final String victim;
  private final boolean noise;
  private final int port;
  private final Replies replies;
  private final Set<Digest> forged = ConcurrentHashMap.newKeySet();
  private final Authority reader;
  private final List<String> violations = new ArrayList<>();
  private final Map<String, Body> bodies = new ConcurrentHashMap<>();
  private final PointWatch brokerWatch;
  private volatile boolean killed;

  /**
   * A run.
   *
   * @param point where in an actor's journals the kill comes; null for nowhere
   * @param victim who is killed there: the point's actor, or the broker
   */
  KilledRun(Ground ground, Scenario scenario, @Nullable Point point, String victim, boolean noise)
      throws IOException, RefusedException {
    this.ground = ground;
    this.scenario = scenario;
    this.point = point;
    this.victim = victim;
    this.noise = noise;
    port = Ground.freePort();
    reader = ground.authority(Ground.READER);
    brokerWatch = new PointWatch(point, life -> killBroker());
    replies = new Replies(new ProtobufSealedMessages(reader.identity()));
  }

  /** The documents of a scenario, with a patience that fits the wall clock. */
  static List<String> tasks(Scenario scenario) {
    String patience =
        switch (scenario) {
          case STALL, LEAVE, FOLD_FAILS -> "stall: 5s";
          case OVERDUE -> "stall: 5s, longest: 5s";
          default -> "stall: 30m";
        };
    return scenario == Scenario.SUCCESSOR
        ? List.of(scenario.task(1, patience), scenario.task(2, patience))
        : List.of(scenario.task(1, patience));
  }

  /** Runs to the end. */
  Outcome run() throws IOException, RefusedException, InterruptedException {
    start(Ground.BROKER, true);
    start(Ground.COORDINATOR, true);
    for (String site : Ground.SITES) {
      start(site, true);
    }
    long end = System.nanoTime() + LIMIT.toNanos();
    boolean finished = false;
    while (!finished && System.nanoTime() < end) {
      killIfReached();
      finished = isFinished(facts());
      Thread.sleep(LOOK_MILLIS);
    }
    lastRecords();
    List<String> facts = facts();
    if (!finished || !isFinished(facts)) {
      violations.add("the task did not finish: " + facts);
    }
    return outcome(facts);
  }

  private void start(String actor, boolean withPoint) throws IOException, RefusedException {
    boolean own = actor.equals(victim);
    if (own && (point != null)) {
      List<String> arguments = new ArrayList<>();
      arguments.addAll(
          List.of(
              ground.folder().toString(),
              actor,
              Integer.toString(port),
              scenario.name(),
              Boolean.toString(noise)));
      if (withPoint && !actor.equals(Ground.BROKER)) {
        arguments.addAll(ActorMain.arguments(point));
      }
      bodies.put(actor, new Child(arguments));
    } else if (actor.equals(Ground.BROKER)) {
      bodies.put(actor, new BrokerBody(ground, port));
    } else {
      bodies.put(actor, here(actor));
    }
  }

  /** What the site did not make is no reply of its. */
  private void sent(Address address, byte[] payload) {
    if (!forged.contains(Digest.of(payload))) {
      replies.sent(address, payload);
    }
  }

  private Body here(String actor) throws IOException, RefusedException {
    Watch watch =
        victim.equals(Ground.BROKER) && point != null && point.actor().equals(actor)
            ? brokerWatch
            : Watch.NONE;
    Body.Given given =
        new Body.Given(ground, "ssl://127.0.0.1:" + port, watch, new Life(), this::sent);
    if (actor.equals(Ground.COORDINATOR)) {
      return new CoordinatorBody(given, scenario, tasks(scenario));
    }
    SecureRandom random = new SecureRandom();
    WalkEngine engine = new WalkEngine(noise ? random::nextLong : () -> 0);
    Digest task = document(tasks(scenario).get(0)).digest();
    return new SiteBody(
        given,
        actor,
        link -> {
          try {
            return actor.equals(ODD_ONE)
                ? new OddEngine(engine, scenario, task, ground.site(actor), link, forged::add)
                : engine;
          } catch (IOException | RefusedException broken) {
            throw new IllegalStateException(broken);
          }
        },
        scenario == Scenario.PREDICT);
  }

  /** Called by the actor that is at the point, which goes on afterwards. */
  private void killBroker() {
    if (bodies.get(Ground.BROKER) instanceof Child broker) {
      broker.kill();
      killed = true;
      try {
        start(Ground.BROKER, false);
      } catch (IOException | RefusedException broken) {
        throw new IllegalStateException(broken);
      }
    }
  }

  private void killIfReached() throws IOException, RefusedException {
    if (bodies.get(victim) instanceof Child child && child.isReached()) {
      kill(child);
    }
  }

  private void kill(Child child) throws IOException, RefusedException {
    child.kill();
    killed = true;
    start(victim, false);
  }

  /** A record may be written only after the end; and an effect may never come. */
  private void lastRecords() throws IOException, RefusedException, InterruptedException {
    long end = System.nanoTime() + LAST_RECORDS.toNanos();
    while (point != null && !killed && System.nanoTime() < end) {
      killIfReached();
      if (victim.equals(Ground.BROKER) && brokerWatch.isDue()) {
        brokerWatch.killed();
        killBroker();
      } else if (!killed
          && bodies.get(victim) instanceof Child child
          && child.facts().contains(ActorMain.DUE)) {
        // Time for the effect to come by itself.
        Thread.sleep(10 * LOOK_MILLIS);
        kill(child);
      }
      Thread.sleep(LOOK_MILLIS);
    }
    if (point != null && !killed) {
      violations.add("point " + point + " was not reached");
    }
    long again = System.nanoTime() + LIMIT.toNanos();
    while (!isFinished(facts()) && System.nanoTime() < again) {
      Thread.sleep(LOOK_MILLIS);
    }
  }

  private List<String> facts() {
    List<String> facts = new ArrayList<>();
    for (Body body : List.copyOf(bodies.values())) {
      facts.addAll(body.facts());
    }
    facts.remove(ActorMain.DUE);
    return facts;
  }

  private boolean isFinished(List<String> facts) {
    List<String> tasks = tasks(scenario);
    for (String yaml : tasks) {
      if (!facts.contains("task " + document(yaml).digest().hex() + " finished")) {
        return false;
      }
    }
    String last = document(tasks.get(tasks.size() - 1)).digest().hex();
    Optional<String> model =
        facts.stream()
            .filter(fact -> fact.startsWith("round " + last))
            .reduce((a, b) -> b)
            .map(fact -> fact.substring(fact.lastIndexOf(' ') + 1));
    for (String site : Ground.SITES) {
      if (!facts.contains("site " + site + " " + last + " " + model.orElse("-"))) {
        return false;
      }
    }
    return scenario != Scenario.PREDICT
        || facts.stream()
            .filter(fact -> fact.startsWith("predicted "))
            .allMatch(fact -> fact.endsWith(" 2"));
  }

  private static TaskDocument document(String yaml) {
    try {
      return new YamlTaskReader().read(yaml);
    } catch (RefusedException refused) {
      throw new IllegalStateException(refused.getMessage(), refused);
    }
  }

  private Outcome outcome(List<String> facts) {
    violations.addAll(replies.contradictions());
    TreeSet<String> compared = new TreeSet<>();
    for (String yaml : tasks(scenario)) {
      TaskDocument task = document(yaml);
      List<ModelVersion> models = new ArrayList<>();
      List<RoundRecord> rounds = new ArrayList<>();
      for (String fact : facts) {
        String[] words = fact.split(" ", -1);
        if (!fact.contains(task.digest().hex())) {
          continue;
        }
        if (words[0].equals("model")) {
          compared.add(fact);
          models.add(model(task, words));
        } else if (words[0].equals("round")) {
          compared.add("round " + words[2] + " " + words[4] + " " + words[5]);
          rounds.add(round(task, words));
        } else if (words[0].equals("site")) {
          compared.add(fact);
        }
      }
      violations.addAll(replies.differences(task, rounds, models));
    }
    return new Outcome(List.copyOf(compared), violations, replies.count());
  }

  private static ModelVersion model(TaskDocument task, String[] words) {
    List<String> contributors = words[4].isEmpty() ? List.of() : List.of(words[4].split(","));
    Digest digest = new Digest(words[3]);
    return new ModelVersion(
        task.digest(),
        Integer.parseInt(words[2]),
        digest,
        digest,
        contributors,
        contributors.stream().map(site -> 1.0).toList(),
        Double.NaN);
  }

  private static RoundRecord round(TaskDocument task, String[] words) {
    return new RoundRecord(
        task.digest(),
        Integer.parseInt(words[2]),
        Integer.parseInt(words[3]),
        words[4],
        new Digest(words[5]),
        task.task().seed(),
        List.of(),
        Map.of(),
        Map.of(),
        Map.of(),
        0,
        0,
        Instant.EPOCH,
        Duration.ZERO);
  }

  @Override
  public void close() throws IOException {
    Body broker = bodies.remove(Ground.BROKER);
    bodies.values().forEach(Body::close);
    if (broker != null) {
      broker.close();
    }
    reader.close();
  }
}
