// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.reliability.kill;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.link.Address;
import org.fedwerk.api.message.Kind;
import org.fedwerk.api.message.Message;
import org.fedwerk.api.message.SealedMessages;
import org.fedwerk.sim.fault.Life;
import org.fedwerk.sim.fault.RecordType;
import org.fedwerk.sim.fault.WalkEngine;
import org.fedwerk.sim.fault.Watch;
import org.fedwerk.sim.kill.Moment;
import org.fedwerk.sim.kill.Point;
import org.fedwerk.sim.kill.Scenario;
import org.fedwerk.wire.internal.ProtobufSealedMessages;

/**
 * Two coordinators on one PostgreSQL, each in a process of its own, the broker in a third: the one
 * that works is killed in the middle of a round, and the other takes over.
 */
public final class Takeover {
  private static final Duration LIMIT = Duration.ofSeconds(120);
  private static final long LOOK_MILLIS = 20;

  private final Path folder;
  private final Ground ground;
  private int runs;

  /** Makes identities below a folder. */
  public Takeover(Path folder) throws IOException, RefusedException {
    this.folder = folder;
    ground = Ground.create(folder.resolve("identities"));
  }

  /**
   * What came of it.
   *
   * @param seconds from SIGKILL to the first plan of the higher epoch at a site
   * @param facts rounds, models and deployments with their digests
   */
  public record Result(double seconds, List<String> facts) {}

  /** A round that nobody disturbs, with the state in files. */
  public List<String> undisturbed() throws Exception {
    Ground own = ground.fresh(folder.resolve("run-" + runs++));
    int port = Ground.freePort();
    try (BrokerBody broker = new BrokerBody(own, port);
        Bodies bodies = new Bodies()) {
      Body.Given given = given(own, port, (address, payload) -> {});
      bodies.put(
          Ground.COORDINATOR,
          new CoordinatorBody(given, Scenario.PLAIN, KilledRun.tasks(Scenario.PLAIN)));
      for (String site : Ground.SITES) {
        bodies.put(site, new SiteBody(given, site, link -> new WalkEngine(() -> 0), false));
      }
      return finish(bodies);
    }
  }

  /** Kills the coordinator that works when the first reply counts. */
  public Result run(Duration lease) throws Exception {
    Ground own = ground.fresh(folder.resolve("run-" + runs++));
    int port = Ground.freePort();
    try (EmbeddedPostgres postgres = EmbeddedPostgres.builder().start();
        Bodies bodies = new Bodies()) {
      bodies.put(
          Ground.BROKER,
          new Child(
              List.of(
                  own.folder().toString(),
                  Ground.BROKER,
                  Integer.toString(port),
                  Scenario.PLAIN.name(),
                  "false")));
      String url = "jdbc:postgresql://127.0.0.1:" + postgres.getPort() + "/postgres";
      Child first =
          bodies.put(Ground.COORDINATOR, coordinator(own, Ground.COORDINATOR, port, url, lease));
      awaitFact(first, StandbyMain.EPOCH + 1, bodies);
      Child second = bodies.put(Ground.STANDBY, coordinator(own, Ground.STANDBY, port, url, lease));
      AtomicLong planned = new AtomicLong();
      for (String site : Ground.SITES) {
        SealedMessages sealed = new ProtobufSealedMessages(own.site(site));
        Body.Given given =
            given(own, port, (address, payload) -> note(sealed, address, payload, planned));
        bodies.put(site, new SiteBody(given, site, link -> new WalkEngine(() -> 0), false));
      }
      await(first::isReached, "a reply that counts", bodies);
      awaitFact(second, StandbyMain.EPOCH + 0, bodies);
      long killed = System.nanoTime();
      first.kill();
      bodies.forget(Ground.COORDINATOR);
      await(() -> planned.get() != 0, "a plan of the next epoch", bodies);
      double seconds = (planned.get() - killed) / 1e9;
      List<String> facts = finish(bodies);
      return new Result(seconds, facts);
    }
  }

  private static Child coordinator(Ground own, String seat, int port, String url, Duration lease)
      throws IOException {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(
        List.of(
            own.folder().toString(),
            seat,
            Integer.toString(port),
            url,
            Long.toString(lease.toMillis())));
    if (seat.equals(Ground.COORDINATOR)) {
      RecordType replied = new RecordType("coordinator/<task>/rounds", 3);
      arguments.addAll(
          ActorMain.arguments(new Point(Ground.COORDINATOR, replied, 1, Moment.AFTER_APPEND)));
    }
    return new Child(StandbyMain.class, arguments);
  }

  private static Body.Given given(Ground own, int port, Tap tap) {
    return new Body.Given(own, "ssl://127.0.0.1:" + port, Watch.NONE, new Life(), tap);
  }

  /** Called by sites' links with all that they receive and send. */
  private static void note(
      SealedMessages sealed, Address address, byte[] payload, AtomicLong planned) {
    if (address.kind() != Kind.PLAN || planned.get() != 0) {
      return;
    }
    try {
      Message message = sealed.open(address, payload);
      if (message.header().epoch() > 1) {
        planned.compareAndSet(0, System.nanoTime());
      }
    } catch (RefusedException notForReading) {
      throw new IllegalStateException(notForReading.getMessage(), notForReading);
    }
  }

  private static void awaitFact(Child child, String fact, Bodies bodies)
      throws InterruptedException {
    await(() -> child.facts().contains(fact), fact, bodies);
  }

  private static void await(BooleanSupplier until, String what, Bodies bodies)
      throws InterruptedException {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (!until.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException(
            what + " did not come within " + LIMIT.toSeconds() + " s: " + bodies.facts());
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
    }
  }

  /** Waits until the task is finished and each site runs its model. */
  private static List<String> finish(Bodies bodies) throws InterruptedException {
    List<List<String>> last = new ArrayList<>();
    await(
        () -> {
          last.clear();
          last.add(bodies.facts());
          return isFinished(last.get(0));
        },
        "the end of the task",
        bodies);
    TreeSet<String> compared = new TreeSet<>();
    for (String fact : last.get(0)) {
      String[] words = fact.split(" ", -1);
      switch (words[0]) {
        case "model", "site" -> compared.add(fact);
        case "round" -> compared.add("round " + words[2] + " " + words[4] + " " + words[5]);
        default -> {}
      }
    }
    return List.copyOf(compared);
  }

  private static boolean isFinished(List<String> facts) {
    if (facts.stream().noneMatch(fact -> fact.matches("task \\w+ finished"))) {
      return false;
    }
    String model =
        facts.stream()
            .filter(fact -> fact.startsWith("round "))
            .reduce((a, b) -> b)
            .map(fact -> fact.substring(fact.lastIndexOf(' ') + 1))
            .orElse("-");
    return Ground.SITES.stream()
        .allMatch(
            site ->
                facts.stream()
                    .anyMatch(fact -> fact.startsWith("site " + site) && fact.endsWith(model)));
  }

  /** Who runs, to be closed in the reverse order. */
  private static final class Bodies implements AutoCloseable {
    private final Map<String, Body> all = new LinkedHashMap<>();

    <B extends Body> B put(String name, B body) {
      all.put(name, body);
      return body;
    }

    void forget(String name) {
      all.remove(name);
    }

    List<String> facts() {
      List<String> facts = new ArrayList<>();
      all.values().forEach(body -> facts.addAll(body.facts()));
      return facts;
    }

    @Override
    public void close() {
      List<Body> last = new ArrayList<>(all.values());
      java.util.Collections.reverse(last);
      last.forEach(Body::close);
    }
  }
}
