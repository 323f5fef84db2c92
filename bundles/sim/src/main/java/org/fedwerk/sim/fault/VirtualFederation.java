// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.fault;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.fedwerk.aggregate.internal.FedAvg;
import org.fedwerk.api.Digest;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.aggregate.Aggregator;
import org.fedwerk.api.identity.Identity;
import org.fedwerk.api.learn.Engine;
import org.fedwerk.api.link.Link;
import org.fedwerk.api.message.Party;
import org.fedwerk.api.message.SealedMessages;
import org.fedwerk.api.predict.PredictionSink;
import org.fedwerk.api.site.DataDeletion;
import org.fedwerk.api.site.SiteAgent.TaskView;
import org.fedwerk.api.status.StatusLine;
import org.fedwerk.api.store.Storage;
import org.fedwerk.coordinator.internal.Desk;
import org.fedwerk.coordinator.internal.ModelOrder;
import org.fedwerk.coordinator.internal.Orders;
import org.fedwerk.coordinator.internal.Snapshot.TaskFacts;
import org.fedwerk.site.internal.Site;
import org.fedwerk.site.internal.SiteSettings;

/**
 * The real coordinator and the real sites on virtual time, one step after the other. An actor can
 * be killed between any two steps or in the middle of one, and started again on the same disk.
 */
public final class VirtualFederation implements AutoCloseable {
  private static final Duration AGAIN = Duration.ofSeconds(5);
  private static final String NAME = "sim";

  private final VirtualTime time = new VirtualTime();
  private final Setup setup;
  private final VirtualNetwork network;
  private final Map<String, Actor> actors = new LinkedHashMap<>();
  private final List<String> submitted = new ArrayList<>();
  private final Map<String, UnaryOperator<SiteSettings>> policies = new HashMap<>();

  /**
   * What a federation is made of.
   *
   * @param sites ids
   * @param engine of each site, by id; it outlives the site's kills
   * @param aggregator of the coordinator; it outlives its kills
   * @param weather of the network at first
   * @param work how long a job of a site waits before it runs, by site
   * @param watch of each actor, by id
   * @param storage what lies between an actor and its disk, by id; asked for each life
   * @param link what lies between an actor and the network, by id; asked for each life
   * @param restart how long an actor that was killed stays away
   */
  public record Setup(
      List<String> sites,
      Function<String, Engine> engine,
      Aggregator aggregator,
      Weather weather,
      Function<String, Duration> work,
      Function<String, Watch> watch,
      Function<String, UnaryOperator<Storage>> storage,
      Function<String, UnaryOperator<Link>> link,
      Supplier<Duration> restart) {
    /** Three sites and no faults. */
    public static Setup plain() {
      return new Setup(
          List.of("a", "b", "c"),
          site -> new WalkEngine(() -> 0),
          new FedAvg(),
          Weather.FAIR,
          site -> Duration.ofMillis(5),
          actor -> Watch.NONE,
          actor -> UnaryOperator.identity(),
          actor -> UnaryOperator.identity(),
          () -> Duration.ofMillis(100));
    }
  }

  /** A federation whose actors have not started. */
  public VirtualFederation(Setup setup) {
    this(setup, new SharedSecrets(NAME, SharedSecrets.HASH)::identity);
  }

  /** A federation whose parties have keys of their own. */
  public VirtualFederation(Setup setup, Function<Party, Identity> identities) {
    this.setup = setup;
    network = new VirtualNetwork(time, setup.weather(), setup.sites());
    add(new Party(Party.Role.COORDINATOR, VirtualNetwork.COORDINATOR), identities);
    setup.sites().forEach(id -> add(new Party(Party.Role.SITE, id), identities));
  }

  private void add(Party party, Function<Party, Identity> identities) {
    Actor actor = new Actor(party.id(), identities.apply(party), setup, time, network);
    actors.put(party.id(), actor);
  }

  /** What a site's owner sets from its next start on. */
  public void policy(String id, UnaryOperator<SiteSettings> owners) {
    policies.put(id, owners);
  }

  /** Starts all that are not running. */
  public void start() {
    actors.values().stream().filter(actor -> !actor.isAlive()).forEach(this::start);
  }

  /** Starts one of them. */
  public void start(String id) {
    start(actor(id));
  }

  private void start(Actor actor) {
    time.after(
        Duration.ZERO,
        () -> {
          if (!actor.isAlive()) {
            try {
              actor.start(submitted, policies.getOrDefault(actor.id(), UnaryOperator.identity()));
            } catch (UncheckedIOException full) {
              // It says why and ends; whoever watches over it starts it again.
              actor.giveUp();
              time.after(AGAIN, () -> start(actor));
            }
          }
        });
  }

  /** Submits a task now, and again after each start of the coordinator, as an operator would. */
  public void submit(String yaml) {
    submitted.add(yaml);
    Actor hq = actor(VirtualNetwork.COORDINATOR);
    time.after(
        Duration.ZERO,
        () -> {
          Desk desk = hq.desk();
          if (desk != null) {
            Actor.submit(desk, yaml);
          }
        });
  }

  /** Gives an order about the first task now; nothing comes of it if nobody can follow it. */
  public void order(Orders.Order order) {
    Actor hq = actor(VirtualNetwork.COORDINATOR);
    time.after(
        Duration.ZERO,
        () -> {
          Desk desk = hq.desk();
          if (desk != null) {
            order(desk, digest -> desk.order(digest, order));
          }
        });
  }

  /** Gives an order about the first task's models now; nothing comes of it if nobody can. */
  public void order(ModelOrder order) {
    Actor hq = actor(VirtualNetwork.COORDINATOR);
    hq.later(
        () -> {
          Desk desk = hq.desk();
          if (desk != null) {
            order(desk, digest -> desk.order(digest, order));
          }
        });
  }

  private interface Given {
    void to(Digest task) throws RefusedException;
  }

  private static void order(Desk desk, Given order) {
    List<TaskFacts> tasks = desk.snapshot().tasks();
    if (tasks.isEmpty()) {
      return;
    }
    try {
      order.to(tasks.get(0).run().digest());
    } catch (RefusedException refused) {
      return; // the person reads why
    }
  }

  /** Shows a site's predictions to somebody, over its kills. */
  public void show(String id, PredictionSink sink) {
    actor(id).show(sink);
  }

  /**
   * Runs until something holds, or the time is over.
   *
   * @return true if it holds
   */
  public boolean run(Duration limit, BooleanSupplier until) {
    long end = time.now() + limit.toNanos();
    while (!until.getAsBoolean()) {
      if (time.now() > end) {
        return false;
      }
      try {
        if (!time.next()) {
          return until.getAsBoolean();
        }
      } catch (Life.Stopped stopped) {
        Actor killed =
            actors.values().stream()
                .filter(actor -> actor.lives(stopped.life()))
                .findFirst()
                .orElseThrow();
        killed.killed();
        time.after(setup.restart().get(), () -> start(killed));
      }
    }
    return true;
  }

  /** Ends all threads of its actors. */
  @Override
  public void close() {
    actors.values().forEach(Actor::leave);
  }

  /** Kills an actor between two steps; {@link #start()} starts it again. */
  public void kill(String id) {
    actor(id).kill();
  }

  /**
   * Lets a site predict a part and waits until it has, or was killed over it: a site predicts on a
   * thread of its own also here.
   */
  public void predict(String id, long ordinal) {
    Actor actor = actor(id);
    actor.later(() -> actor.predict(ordinal));
  }

  /** Lets a person delete a part at a site, as often as it takes until its record says so. */
  public void delete(String id, String serial) {
    Actor actor = actor(id);
    actor.later(() -> actor.delete(serial));
  }

  /** What was deleted at a site, newest first; empty while it is away. */
  public List<DataDeletion.Deletion> deletions(String id) {
    return actor(id).deletions();
  }

  /** How often an actor was killed. */
  public int kills(String id) {
    return actor(id).kills();
  }

  private Actor actor(String id) {
    Actor actor = actors.get(id);
    if (actor == null) {
      throw new IllegalArgumentException("no actor " + id);
    }
    return actor;
  }

  /** The tasks as the coordinator shows them; empty while it is away. */
  public List<TaskFacts> tasks() {
    Desk desk = actor(VirtualNetwork.COORDINATOR).desk();
    return desk == null ? List.of() : desk.snapshot().tasks();
  }

  /** What a site shows of its tasks; empty while it is away. */
  public List<TaskView> tasks(String id) {
    Site site = actor(id).site();
    return site == null ? List.of() : site.tasks();
  }

  /** Each site's newest view of its tasks. */
  public Map<String, List<TaskView>> sites() {
    Map<String, List<TaskView>> views = new TreeMap<>();
    setup.sites().forEach(id -> views.put(id, tasks(id)));
    return views;
  }

  /** What an actor says of its machine's clock; empty if nothing, or while it is away. */
  public Optional<StatusLine> clock(String id) {
    return actor(id).clock();
  }

  /** An actor's disk. */
  public MemoryStorage disk(String id) {
    return actor(id).disk();
  }

  /** Seals messages as an actor, to forge one. */
  public SealedMessages sealed(String id) {
    return actor(id).sealed();
  }

  /** The network. */
  public VirtualNetwork network() {
    return network;
  }

  /** The clock and its steps. */
  public VirtualTime time() {
    return time;
  }

  /** Ids of all actors, the coordinator first. */
  public List<String> ids() {
    return List.copyOf(actors.keySet());
  }

  /** The federation's name. */
  public String name() {
    return NAME;
  }
}
