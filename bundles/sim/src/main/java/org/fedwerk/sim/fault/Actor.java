// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.fault;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.UnaryOperator;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.identity.Identity;
import org.fedwerk.api.link.Address;
import org.fedwerk.api.link.Link;
import org.fedwerk.api.link.LinkListener;
import org.fedwerk.api.message.SealedMessages;
import org.fedwerk.api.predict.PredictionSink;
import org.fedwerk.api.site.DataDeletion;
import org.fedwerk.api.status.ClockWatch;
import org.fedwerk.api.status.StatusLine;
import org.fedwerk.api.store.DataSelection;
import org.fedwerk.api.store.Storage;
import org.fedwerk.codec.internal.RangeCodecs;
import org.fedwerk.coordinator.internal.Desk;
import org.fedwerk.coordinator.internal.Ports;
import org.fedwerk.coordinator.internal.Refusals;
import org.fedwerk.coordinator.internal.Settings;
import org.fedwerk.learn.internal.NamedArchitectures;
import org.fedwerk.learn.internal.NamedDriftDetection;
import org.fedwerk.learn.internal.WindowPreparation;
import org.fedwerk.site.internal.Site;
import org.fedwerk.site.internal.SiteSettings;
import org.fedwerk.site.internal.SiteThreads;
import org.fedwerk.task.internal.YamlTaskReader;
import org.fedwerk.wire.internal.ProtobufSealedMessages;
import org.jspecify.annotations.Nullable;

/** A process that can be killed. */
final class Actor {
  private static final Duration TICK = Duration.ofMillis(500);
  private static final int AUDIT_RECORDS = 100;
  private static final Duration PREDICTED_WITHIN = Duration.ofSeconds(20);

  private final String id;
  private final VirtualFederation.Setup setup;
  private final VirtualTime time;
  private final VirtualNetwork network;
  private final Identity identity;
  private final SealedMessages sealed;
  private final MemoryStorage disk = new MemoryStorage();
  private final MemoryParts parts;
  private final List<PredictionSink> sinks = new ArrayList<>();
  private Life life = new Life();
  private @Nullable Desk desk;
  private @Nullable Site site;
  private @Nullable DataDeletion deletion;
  private boolean predicting;
  private int kills;

  /** An actor that has not started. */
  Actor(
      String id,
      Identity identity,
      VirtualFederation.Setup setup,
      VirtualTime time,
      VirtualNetwork network) {
    this.id = id;
    this.identity = identity;
    this.setup = setup;
    this.time = time;
    this.network = network;
    sealed = new ProtobufSealedMessages(identity);
    parts = new MemoryParts(Bench.serials(id));
    life.end();
  }

  private Storage storage() {
    return new WatchedStorage(setup.storage().apply(id).apply(disk), setup.watch().apply(id), life);
  }

  private Link link() {
    Link end = setup.link().apply(id).apply(network.attach(id, life));
    return new WatchedLink(end, setup.watch().apply(id), life);
  }

  /**
   * Starts a new life on the same disk.
   *
   * @param submitted what an operator submits after each start of the coordinator
   * @param policy what a site's owner sets
   */
  void start(List<String> submitted, UnaryOperator<SiteSettings> policy) {
    leave();
    life = new Life();
    desk = null;
    site = null;
    deletion = null;
    if (id.equals(VirtualNetwork.COORDINATOR)) {
      startCoordinator(submitted);
    } else {
      startSite(policy);
    }
  }

  private void startCoordinator(List<String> submitted) {
    Life now = life;
    Link link = link();
    Ports ports =
        new Ports(
            link,
            sealed,
            identity,
            storage(),
            new NamedArchitectures(),
            new RangeCodecs(),
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

  private void startSite(UnaryOperator<SiteSettings> policy) {
    Life now = life;
    Site fresh =
        new Site(
            storage(),
            new YamlTaskReader(),
            new NamedArchitectures(),
            new RangeCodecs(),
            new WindowPreparation(),
            new NamedDriftDetection(),
            setup.engine().apply(id),
            Bench.derivation(),
            Bench.examples(id),
            policy.apply(SiteSettings.approving(Set.of(Bench.OWNER))),
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

  String id() {
    return id;
  }

  /** True from a start to a kill. */
  boolean isAlive() {
    return life.goesOn();
  }

  /** True if a life is this actor's, of now. */
  boolean lives(Life other) {
    return life == other;
  }

  /** A kill in the middle of a step has ended its life. */
  void killed() {
    kills++;
  }

  /** Kills it between two steps. */
  void kill() {
    if (life.goesOn()) {
      life.end();
      kills++;
    }
  }

  /** Ends the thread on which a site predicts; it would outlive its life. */
  void leave() {
    Site site = this.site;
    if (site != null && predicting) {
      predicting = false;
      site.stop();
    }
  }

  /** Ends by itself, for it cannot start. */
  void giveUp() {
    life.end();
  }

  /** How often it was killed. */
  int kills() {
    return kills;
  }

  /** The coordinator that runs here; null while it does not. */
  @Nullable Desk desk() {
    return life.goesOn() ? desk : null;
  }

  /** The site that runs here; null while it does not. */
  @Nullable Site site() {
    return life.goesOn() ? site : null;
  }

  /** What it says of its machine's clock. */
  Optional<StatusLine> clock() {
    Desk desk = desk();
    Site site = site();
    if (desk != null) {
      return desk.snapshot().clock();
    }
    return site == null
        ? Optional.empty()
        : site.status().stream()
            .filter(line -> line.subject().equals(ClockWatch.SUBJECT))
            .findFirst();
  }

  /** Runs something later, unless it was killed until then. */
  void later(Runnable step) {
    Life now = life;
    time.after(Duration.ZERO, () -> step(now, step));
  }

  private static void step(Life life, Runnable step) {
    if (life.goesOn()) {
      step.run();
    }
  }

  static void submit(Desk desk, String yaml) {
    try {
      desk.submit(yaml);
    } catch (RefusedException refused) {
      throw new IllegalStateException("the task is refused: " + refused.getMessage(), refused);
    } catch (UncheckedIOException full) {
      // The operator reads it and tries again; here the next start of the coordinator does.
      return;
    }
  }

  /** Predicts a part, and waits until it has or was killed over it. */
  void predict(long ordinal) {
    Site site = this.site;
    if (site == null || site.tasks().stream().allMatch(task -> task.deployed().isEmpty())) {
      return;
    }
    if (!predicting) {
      predicting = true;
      site.start();
    }
    long before = site.predictions();
    site.closed(Bench.part(ordinal));
    long end = System.nanoTime() + PREDICTED_WITHIN.toNanos();
    while (site.predictions() == before) {
      life.check();
      if (System.nanoTime() > end) {
        throw new IllegalStateException("site " + id + " did not predict");
      }
      Thread.onSpinWait();
    }
  }

  /** Deletes a part, unless that was done. */
  void delete(String serial) {
    DataDeletion deletion = this.deletion;
    if (deletion == null || parts.isDeleted(serial)) {
      return; // the start of a site that was killed over it has ended it
    }
    try {
      var unused = deletion.delete(new DataSelection.BySerial(serial), "tester");
    } catch (RefusedException refused) {
      throw new IllegalStateException("the deletion is refused: " + refused.getMessage(), refused);
    }
  }

  /** What was deleted here, newest first; empty while it is away. */
  List<DataDeletion.Deletion> deletions() {
    DataDeletion deletion = this.deletion;
    return deletion == null || !life.goesOn() ? List.of() : deletion.deletions();
  }

  /** Shows predictions to somebody, over kills. */
  void show(PredictionSink sink) {
    sinks.add(sink);
    Site site = this.site;
    if (site != null) {
      site.add(sink);
    }
  }

  /** Its disk. */
  MemoryStorage disk() {
    return disk;
  }

  /** Its seal. */
  SealedMessages sealed() {
    return sealed;
  }
}
