// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.reliability.kill;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.fedwerk.aggregate.internal.FedAvg;
import org.fedwerk.api.Digest;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.aggregate.Aggregator;
import org.fedwerk.api.coordinator.Coordination.RoundRecord;
import org.fedwerk.api.coordinator.Coordination.TaskRun;
import org.fedwerk.api.identity.Identity;
import org.fedwerk.api.model.ModelVersion;
import org.fedwerk.api.store.Storage;
import org.fedwerk.codec.internal.RangeCodecs;
import org.fedwerk.coordinator.internal.Coordinator;
import org.fedwerk.coordinator.internal.Ports;
import org.fedwerk.coordinator.internal.Settings;
import org.fedwerk.identity.internal.Authority;
import org.fedwerk.learn.internal.NamedArchitectures;
import org.fedwerk.link.internal.CamelLink;
import org.fedwerk.sim.fault.Bench;
import org.fedwerk.sim.fault.Rules;
import org.fedwerk.sim.fault.WatchedLink;
import org.fedwerk.sim.fault.WatchedStorage;
import org.fedwerk.sim.kill.Scenario;
import org.fedwerk.store.internal.DiskStorage;
import org.fedwerk.store.internal.StoreSettings;
import org.fedwerk.task.internal.YamlTaskReader;
import org.fedwerk.wire.internal.ProtobufSealedMessages;

/** The coordinator, and an operator who submits the scenario's tasks until they are finished. */
final class CoordinatorBody implements Body {
  private static final Duration TICK = Duration.ofMillis(50);
  private static final long LOOK_MILLIS = 20;

  private final Authority authority;
  private final AutoCloseable storage;
  private final CamelLink link;
  private final Coordinator coordinator;
  private final Thread operator;

  CoordinatorBody(Given given, Scenario scenario, List<String> tasks)
      throws IOException, RefusedException {
    this(given, scenario, tasks, files(given.ground()));
  }

  private CoordinatorBody(Given given, Scenario scenario, List<String> tasks, DiskStorage files)
      throws IOException, RefusedException {
    this(given, scenario, tasks, Ground.COORDINATOR, files, files);
  }

  /**
   * On a given state.
   *
   * @param seat whose copy of the coordinator's identity it uses
   * @param closing closed with it
   */
  CoordinatorBody(
      Given given,
      Scenario scenario,
      List<String> tasks,
      String seat,
      Storage state,
      AutoCloseable closing)
      throws IOException, RefusedException {
    authority = given.ground().authority(seat);
    Identity self = authority.identity();
    storage = closing;
    link = given.link(self);
    coordinator =
        new Coordinator(
            new Ports(
                new WatchedLink(given.tap().over(link), given.watch(), given.life()),
                new ProtobufSealedMessages(self),
                self,
                new WatchedStorage(state, given.watch(), given.life()),
                new NamedArchitectures(),
                new RangeCodecs(),
                List.of(
                    scenario == Scenario.FOLD_FAILS
                        ? failingOnce(given.ground().folder().resolve("failed-once"))
                        : new FedAvg()),
                Rules.OPTIMIZERS,
                new YamlTaskReader(),
                System::nanoTime,
                Clock.systemUTC()),
            new Settings(
                TICK, Duration.ofSeconds(2), Bench.RANGE_ELEMENTS, 10_000, 64L << 20, 100));
    coordinator.start();
    operator = new Thread(() -> operate(tasks), "fedwerk-kill-operator");
    operator.setDaemon(true);
    operator.start();
  }

  private static DiskStorage files(Ground ground) {
    DiskStorage files = new DiskStorage(StoreSettings.in(ground.state(Ground.COORDINATOR)));
    files.start();
    return files;
  }

  /** Fails the first time of all, also over kills. */
  private static Aggregator failingOnce(Path mark) {
    FedAvg average = new FedAvg();
    return new Aggregator() {
      @Override
      public String name() {
        return average.name();
      }

      @Override
      public double[] aggregate(List<float[]> updates, double[] weights) {
        if (!Files.exists(mark)) {
          try {
            Files.createFile(mark);
          } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
          }
          throw new IllegalArgumentException("this fold comes to nothing on purpose");
        }
        return average.aggregate(updates, weights);
      }
    };
  }

  private void operate(List<String> tasks) {
    try {
      for (String yaml : tasks) {
        Digest digest = coordinator.submit(yaml);
        while (!isFinished(digest)) {
          Thread.sleep(LOOK_MILLIS);
        }
      }
    } catch (RefusedException refused) {
      throw new IllegalStateException(refused.getMessage(), refused);
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isFinished(Digest task) {
    return coordinator.tasks().stream()
        .anyMatch(run -> run.digest().equals(task) && run.state().equals("finished"));
  }

  @Override
  public List<String> facts() {
    List<String> facts = new ArrayList<>();
    try {
      for (TaskRun run : coordinator.tasks()) {
        String task = run.digest().hex();
        facts.add("task " + task + " " + run.state().replace(' ', '-'));
        for (ModelVersion model : coordinator.models(task)) {
          facts.add(
              "model "
                  + task
                  + " "
                  + model.version()
                  + " "
                  + model.digest().hex()
                  + " "
                  + String.join(",", model.contributors()));
        }
        for (RoundRecord round : coordinator.rounds(task)) {
          facts.add(
              "round "
                  + task
                  + " "
                  + round.round()
                  + " "
                  + round.attempt()
                  + " "
                  + round.protocol()
                  + " "
                  + round.model().hex());
        }
      }
    } catch (RefusedException gone) {
      throw new IllegalStateException(gone.getMessage(), gone);
    }
    return facts;
  }

  @Override
  public void close() {
    operator.interrupt();
    coordinator.close();
    link.close();
    try {
      storage.close();
      authority.close();
    } catch (Exception unclosed) {
      throw new IllegalStateException(unclosed);
    }
  }
}
