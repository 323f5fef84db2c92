// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.reliability.scale;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.fedwerk.aggregate.internal.FedAvg;
import org.fedwerk.api.Digest;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.coordinator.Coordination.RoundRecord;
import org.fedwerk.api.coordinator.Coordination.TaskRun;
import org.fedwerk.api.identity.Identity;
import org.fedwerk.broker.internal.BrokerSettings;
import org.fedwerk.broker.internal.EmbeddedBroker;
import org.fedwerk.codec.internal.RangeCodecs;
import org.fedwerk.coordinator.internal.Coordinator;
import org.fedwerk.coordinator.internal.Ports;
import org.fedwerk.coordinator.internal.Settings;
import org.fedwerk.identity.internal.Authority;
import org.fedwerk.learn.internal.NamedArchitectures;
import org.fedwerk.link.internal.CamelLink;
import org.fedwerk.link.internal.LinkSettings;
import org.fedwerk.store.internal.DiskStorage;
import org.fedwerk.store.internal.StoreSettings;
import org.fedwerk.task.internal.YamlTaskReader;
import org.fedwerk.wire.internal.ProtobufSealedMessages;

/**
 * A coordinator with its broker and its authority in one process, as one installs them, in plain
 * Java and with the settings that hold where nothing is configured.
 */
public final class Headquarters implements AutoCloseable {
  static final String FEDERATION = "plants";
  static final String COORDINATOR = "coordinator";
  private static final long LOOK_MILLIS = 20;

  private final Authority authority;
  private final EmbeddedBroker broker;
  private final CamelLink link;
  private final DiskStorage storage;
  private final Coordinator coordinator;

  public Headquarters(Path folder) throws IOException, RefusedException {
    authority = Authority.loopback(folder.resolve("identity"), FEDERATION, 0);
    Identity self = authority.identity();
    broker =
        EmbeddedBroker.forFederation(
            BrokerSettings.loopback("main", folder.resolve("broker")), self);
    link = CamelLink.standalone(link(broker.port()), self);
    storage = new DiskStorage(StoreSettings.in(store(folder)));
    storage.start();
    coordinator =
        new Coordinator(
            new Ports(
                link,
                new ProtobufSealedMessages(self),
                self,
                storage,
                new NamedArchitectures(),
                new RangeCodecs(),
                List.of(new FedAvg()),
                new YamlTaskReader(),
                System::nanoTime,
                Clock.systemUTC()),
            Settings.defaults());
    coordinator.start();
  }

  /** Where the coordinator keeps its state. */
  static Path store(Path folder) {
    return folder.resolve("store");
  }

  public static LinkSettings link(int port) {
    return new LinkSettings(
        "ssl://127.0.0.1:" + port,
        Duration.ofSeconds(30),
        Duration.ofDays(1),
        Duration.ofMillis(200),
        Duration.ofSeconds(2));
  }

  public int brokerPort() {
    return broker.port();
  }

  public String token(String site) throws RefusedException {
    return authority.issueToken(site, Duration.ofHours(1));
  }

  /** Submits a task. @return its digest */
  public Digest submit(String yaml) throws RefusedException {
    return coordinator.submit(yaml);
  }

  /** How a task is. */
  public TaskRun run(Digest task) {
    return coordinator.tasks().stream()
        .filter(run -> run.digest().equals(task))
        .findFirst()
        .orElseThrow();
  }

  /** The rounds that were committed so far. */
  public List<RoundRecord> rounds(Digest task) throws RefusedException {
    return coordinator.rounds(task.hex());
  }

  /** Waits until the task is finished. @return its rounds */
  List<RoundRecord> awaitEnd(Digest task, Duration limit)
      throws InterruptedException, RefusedException {
    long end = System.nanoTime() + limit.toNanos();
    TaskRun run = run(task);
    while (!run.state().equals("finished")) {
      if (run.state().equals("failed") || System.nanoTime() > end) {
        throw new IllegalStateException("the task is not finished: " + shortened(run.toString()));
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
      run = run(task);
    }
    return rounds(task);
  }

  private static String shortened(String text) {
    return text.substring(0, Math.min(text.length(), 2000));
  }

  /** What every part of it has to say of itself. */
  public List<String> status() {
    return List.of(
        broker.status().toString(), link.status().toString(), coordinator.status().toString());
  }

  @Override
  public void close() throws IOException {
    coordinator.close();
    link.close();
    broker.close();
    authority.close();
    storage.close();
  }
}
