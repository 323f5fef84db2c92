// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.fault;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.fedwerk.aggregate.internal.FedAvg;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.aggregate.Aggregator;
import org.fedwerk.api.identity.Identity;
import org.fedwerk.api.learn.Engine;
import org.fedwerk.api.link.Address;
import org.fedwerk.api.link.Link;
import org.fedwerk.api.link.LinkListener;
import org.fedwerk.api.message.Party;
import org.fedwerk.api.message.SealedMessages;
import org.fedwerk.api.predict.PredictionSink;
import org.fedwerk.api.site.DataDeletion;
import org.fedwerk.api.site.SiteAgent.TaskView;
import org.fedwerk.api.store.DataSelection;
import org.fedwerk.api.store.Storage;
import org.fedwerk.coordinator.internal.Desk;
import org.fedwerk.coordinator.internal.ModelOrder;
import org.fedwerk.coordinator.internal.Orders;
import org.fedwerk.coordinator.internal.Ports;
import org.fedwerk.coordinator.internal.Refusals;
import org.fedwerk.coordinator.internal.Settings;
import org.fedwerk.coordinator.internal.Snapshot.TaskFacts;
import org.fedwerk.learn.internal.NamedArchitectures;
import org.fedwerk.learn.internal.WindowPreparation;
import org.fedwerk.site.internal.Site;
import org.fedwerk.site.internal.SiteSettings;
import org.fedwerk.site.internal.SiteThreads;
import org.fedwerk.task.internal.YamlTaskReader;
import org.fedwerk.wire.internal.ProtobufSealedMessages;
import org.jspecify.annotations.Nullable;

/**
 * The real coordinator and the real sites on virtual time, one step after the other. An actor can
 * be killed between any two steps or in the middle of one, and started again on the same disk.
 */
public final class VirtualFederation {
  private static final Duration TICK = Duration.ofMillis(500);
  private static final int AUDIT_RECORDS = 100;
  private static final Duration AGAIN = Duration.ofSeconds(5);
  private static final Duration PREDICTED_WITHIN = Duration.ofSeconds(20);
  private static final String NAME = "sim";

  private final VirtualTime time = new VirtualTime();
  private final Function<Party, Identity> identities;
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

  /** A process that can be killed. */
  private final class Actor {
    private final String id;
    private final MemoryStorage disk = new MemoryStorage();
    private final Identity identity;
    private final SealedMessages sealed;
    private Life life = new Life();
    private @Nullable Desk desk;
    private final MemoryParts parts;
    private @Nullable Site site;
    private @Nullable DataDeletion deletion;
    private final List<PredictionSink> sinks = new ArrayList<>();
    private boolean predicting;
    private int kills;

    Actor(String id, Party party) {
      this.id = id;
      identity = identities.apply(party);
      sealed = new ProtobufSealedMessages(identity);
      parts = new MemoryParts(Bench.serials(id));
      life.end();
    }

    Storage storage() {
      return new WatchedStorage(
          setup.storage().apply(id).apply(disk), setup.watch().apply(id), life);
    }

    Link link() {
      Link end = setup.link().apply(id).apply(network.attach(id, life));
      return new WatchedLink(end, setup.watch().apply(id), life);
    }

    void start() {
      life = new Life();
      desk = null;
      site = null;
      deletion = null;
      predicting = false;
      if (id.equals(VirtualNetwork.COORDINATOR)) {
        startCoordinator();
      } else {
        startSite();
      }
    }

    private void startCoordinator() {
      Life now = life;
      Link link = link();
      Ports ports =
          new Ports(
              link,
              sealed,
              identity,
              storage(),
              new NamedArchitectures(),
              List.of(setup.aggregator()),
              Rules.OPTIMIZERS,
              new YamlTaskReader(),
              time::now,
              time.clock());
      Settings settings =
          new Settings(
              TICK, Duration.ofSeconds(2), Bench.RANGE_ELEMENTS, 10_000, 64L << 20, AUDIT_RECORDS);
      Desk fresh =
          new Desk(
              ports,
              settings,
              new Refusals(time::now),
              step -> time.after(Duration.ZERO, () -> step(now, step)));
      fresh.resume();
      desk = fresh;
      var unused =
          link.listen(
              new LinkListener() {
                @Override
                public void received(Address address, byte[] payload) {
                  fresh.received(address, payload);
                }

                @Override
                public void connected() {
                  fresh.connected();
                }
              });
      tick(fresh, now);
      submitted.forEach(
          yaml -> time.after(Duration.ZERO, () -> step(now, () -> submit(fresh, yaml))));
    }

    private void tick(Desk fresh, Life now) {
      time.after(
          TICK,
          () -> {
            if (now.goesOn()) {
              fresh.tick();
              tick(fresh, now);
            }
          });
    }

    private void startSite() {
      Life now = life;
      Site fresh =
          new Site(
              storage(),
              new YamlTaskReader(),
              new NamedArchitectures(),
              new WindowPreparation(),
              setup.engine().apply(id),
              Bench.derivation(),
              Bench.examples(id),
              policies
                  .getOrDefault(id, UnaryOperator.identity())
                  .apply(SiteSettings.approving(Set.of(Bench.OWNER))),
              time.clock(),
              time::now);
      site = fresh;
      sinks.forEach(fresh::add);
      deletion = fresh.deletions(parts);
      fresh.connect(
          identity,
          sealed,
          link(),
          new SiteThreads() {
            @Override
            public ScheduledExecutorService talk(String id) {
              return new VirtualExecutor(time, now, () -> Duration.ZERO);
            }

            @Override
            public ExecutorService work(String id) {
              return new VirtualExecutor(time, now, () -> setup.work().apply(id));
            }
          });
    }
  }

  /** A federation whose actors have not started. */
  public VirtualFederation(Setup setup) {
    this(setup, new SharedSecrets(NAME)::identity);
  }

  /** A federation whose parties have keys of their own. */
  public VirtualFederation(Setup setup, Function<Party, Identity> identities) {
    this.setup = setup;
    this.identities = identities;
    network = new VirtualNetwork(time, setup.weather(), setup.sites());
    actors.put(
        VirtualNetwork.COORDINATOR,
        new Actor(
            VirtualNetwork.COORDINATOR,
            new Party(Party.Role.COORDINATOR, VirtualNetwork.COORDINATOR)));
    setup.sites().forEach(id -> actors.put(id, new Actor(id, new Party(Party.Role.SITE, id))));
  }

  /** What a site's owner sets from its next start on. */
  public void policy(String id, UnaryOperator<SiteSettings> owners) {
    policies.put(id, owners);
  }

  /** Starts all that are not running. */
  public void start() {
    actors.values().stream().filter(actor -> !actor.life.goesOn()).forEach(this::start);
  }

  /** Starts one of them. */
  public void start(String id) {
    start(actor(id));
  }

  private void start(Actor actor) {
    time.after(
        Duration.ZERO,
        () -> {
          if (!actor.life.goesOn()) {
            try {
              actor.start();
            } catch (UncheckedIOException full) {
              // It says why and ends; whoever watches over it starts it again.
              actor.life.end();
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
          Desk desk = hq.desk;
          if (desk != null && hq.life.goesOn()) {
            submit(desk, yaml);
          }
        });
  }

  private static void submit(Desk desk, String yaml) {
    try {
      desk.submit(yaml);
    } catch (RefusedException refused) {
      throw new IllegalStateException("the task is refused: " + refused.getMessage(), refused);
    } catch (UncheckedIOException full) {
      // The operator reads it and tries again; here the next start of the coordinator does.
      return;
    }
  }

  /** Gives an order about the first task now; nothing comes of it if nobody can follow it. */
  public void order(Orders.Order order) {
    Actor hq = actor(VirtualNetwork.COORDINATOR);
    time.after(
        Duration.ZERO,
        () -> {
          Desk desk = hq.desk;
          if (desk != null && hq.life.goesOn() && !desk.snapshot().tasks().isEmpty()) {
            order(desk, order);
          }
        });
  }

  private static void order(Desk desk, Orders.Order order) {
    try {
      desk.order(desk.snapshot().tasks().get(0).run().digest(), order);
    } catch (RefusedException refused) {
      return; // the person reads why
    }
  }

  /** Gives an order about the first task's models now; nothing comes of it if nobody can. */
  public void order(ModelOrder order) {
    Actor hq = actor(VirtualNetwork.COORDINATOR);
    Life life = hq.life;
    time.after(Duration.ZERO, () -> step(life, () -> order(hq.desk, order)));
  }

  private static void order(@Nullable Desk desk, ModelOrder order) {
    if (desk == null || desk.snapshot().tasks().isEmpty()) {
      return;
    }
    try {
      desk.order(desk.snapshot().tasks().get(0).run().digest(), order);
    } catch (RefusedException refused) {
      return; // the person reads why
    }
  }

  /** Shows a site's predictions to somebody, over its kills. */
  public void show(String id, PredictionSink sink) {
    Actor actor = actor(id);
    actor.sinks.add(sink);
    Site site = actor.site;
    if (site != null) {
      site.add(sink);
    }
  }

  private static void step(Life life, Runnable step) {
    if (life.goesOn()) {
      step.run();
    }
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
                .filter(actor -> actor.life == stopped.life())
                .findFirst()
                .orElseThrow();
        killed.kills++;
        time.after(setup.restart().get(), () -> start(killed));
      }
    }
    return true;
  }

  /** Kills an actor between two steps; {@link #start()} starts it again. */
  public void kill(String id) {
    Actor actor = actor(id);
    if (actor.life.goesOn()) {
      actor.life.end();
      actor.kills++;
    }
  }

  /**
   * Lets a site predict a part and waits until it has, or was killed over it: a site predicts on a
   * thread of its own also here.
   */
  public void predict(String id, long ordinal) {
    Actor actor = actor(id);
    Life life = actor.life;
    time.after(Duration.ZERO, () -> step(life, () -> predict(actor, ordinal)));
  }

  private static void predict(Actor actor, long ordinal) {
    Site site = actor.site;
    if (site == null || site.tasks().stream().allMatch(task -> task.deployed().isEmpty())) {
      return;
    }
    if (!actor.predicting) {
      actor.predicting = true;
      site.start();
    }
    long before = site.predictions();
    site.closed(Bench.part(ordinal));
    long end = System.nanoTime() + PREDICTED_WITHIN.toNanos();
    while (site.predictions() == before) {
      actor.life.check();
      if (System.nanoTime() > end) {
        throw new IllegalStateException("site " + actor.id + " did not predict");
      }
      Thread.onSpinWait();
    }
  }

  /** Lets a person delete a part at a site, as often as it takes until its record says so. */
  public void delete(String id, String serial) {
    Actor actor = actor(id);
    Life life = actor.life;
    time.after(Duration.ZERO, () -> step(life, () -> delete(actor, serial)));
  }

  private static void delete(Actor actor, String serial) {
    DataDeletion deletion = actor.deletion;
    if (deletion == null || actor.parts.isDeleted(serial)) {
      return; // the start of a site that was killed over it has ended it
    }
    try {
      var unused = deletion.delete(new DataSelection.BySerial(serial), "tester");
    } catch (RefusedException refused) {
      throw new IllegalStateException("the deletion is refused: " + refused.getMessage(), refused);
    }
  }

  /** What was deleted at a site, newest first; empty while it is away. */
  public List<DataDeletion.Deletion> deletions(String id) {
    Actor actor = actor(id);
    DataDeletion deletion = actor.deletion;
    return deletion == null || !actor.life.goesOn() ? List.of() : deletion.deletions();
  }

  /** How often an actor was killed. */
  public int kills(String id) {
    return actor(id).kills;
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
    Actor hq = actor(VirtualNetwork.COORDINATOR);
    Desk desk = hq.desk;
    return desk == null || !hq.life.goesOn() ? List.of() : desk.snapshot().tasks();
  }

  /** What a site shows of its tasks; empty while it is away. */
  public List<TaskView> tasks(String id) {
    Actor actor = actor(id);
    Site site = actor.site;
    return site == null || !actor.life.goesOn() ? List.of() : site.tasks();
  }

  /** Each site's newest view of its tasks. */
  public Map<String, List<TaskView>> sites() {
    Map<String, List<TaskView>> views = new TreeMap<>();
    setup.sites().forEach(id -> views.put(id, tasks(id)));
    return views;
  }

  /** An actor's disk. */
  public MemoryStorage disk(String id) {
    return actor(id).disk;
  }

  /** Seals messages as an actor, to forge one. */
  public SealedMessages sealed(String id) {
    return actor(id).sealed;
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
