// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.reliability.transfer;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.fedwerk.aggregate.internal.FedAvg;
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
import org.fedwerk.identity.internal.AuthoritySettings;
import org.fedwerk.learn.internal.NamedArchitectures;
import org.fedwerk.link.internal.CamelLink;
import org.fedwerk.link.internal.LinkSettings;
import org.fedwerk.store.internal.DiskStorage;
import org.fedwerk.store.internal.StoreSettings;
import org.fedwerk.task.internal.YamlTaskReader;
import org.fedwerk.wire.internal.ProtobufSealedMessages;
import org.jspecify.annotations.Nullable;

/**
 * A coordinator's process in plain Java: the real rooms over mutual TLS, with the embedded broker
 * or without it.
 */
public final class Hub implements AutoCloseable {
  static final String FEDERATION = "plants";
  private static final String HOST = "127.0.0.1";

  private final Authority authority;
  private final @Nullable EmbeddedBroker broker;
  private final int brokerPort;
  private final CamelLink link;
  private final CountedLink counted;
  private final DiskStorage storage;
  private final Coordinator coordinator;

  /** Starts with a broker of its own, on loopback. */
  public static Hub withBroker(Path folder, int rangeElements) throws Exception {
    return withBroker(folder, rangeElements, HOST);
  }

  /** Starts with a broker of its own, at an address of this machine. */
  public static Hub withBroker(Path folder, int rangeElements, String host) throws Exception {
    Authority authority = authority(folder, host);
    BrokerSettings free = BrokerSettings.loopback("main", folder.resolve("broker"));
    BrokerSettings settings =
        new BrokerSettings(
            free.name(),
            host,
            free.port(),
            free.packetMax(),
            free.clientsMax(),
            free.folder(),
            free.journalFileBytes(),
            free.sessionExpiryMax(),
            free.queueMaxBytes(),
            free.whenFull(),
            free.diskMaxPercent());
    EmbeddedBroker broker = EmbeddedBroker.forFederation(settings, authority.identity());
    return new Hub(folder, authority, broker, broker.port(), rangeElements);
  }

  /**
   * Makes the federation's authority.
   *
   * @return to be handed to {@link #at}
   */
  static Authority authority(Path folder) throws IOException, RefusedException {
    return authority(folder, HOST);
  }

  private static Authority authority(Path folder, String host)
      throws IOException, RefusedException {
    Authority authority =
        Authority.open(
            new AuthoritySettings(
                FEDERATION,
                "coordinator",
                host,
                0,
                host,
                host,
                0,
                folder.resolve("identity"),
                Optional.of(brokerFiles(folder))),
            Clock.systemUTC());
    authority.serve();
    return authority;
  }

  /** Where a broker of another make finds its files. */
  static Path brokerFiles(Path folder) {
    return folder.resolve("broker-files");
  }

  /** Starts at a broker that is there already. */
  static Hub at(Path folder, Authority authority, int brokerPort, int rangeElements)
      throws IOException {
    return new Hub(folder, authority, null, brokerPort, rangeElements);
  }

  private Hub(
      Path folder,
      Authority authority,
      @Nullable EmbeddedBroker broker,
      int brokerPort,
      int rangeElements)
      throws IOException {
    this.authority = authority;
    this.broker = broker;
    this.brokerPort = brokerPort;
    Identity self = authority.identity();
    link = CamelLink.standalone(link(self.brokerHost(), brokerPort), self);
    counted = new CountedLink(link);
    storage = new DiskStorage(StoreSettings.in(folder.resolve("store")));
    storage.start();
    Settings base = Settings.defaults();
    coordinator =
        new Coordinator(
            new Ports(
                counted,
                new ProtobufSealedMessages(self),
                self,
                storage,
                new NamedArchitectures(),
                new RangeCodecs(),
                List.of(new FedAvg()),
                new YamlTaskReader(),
                System::nanoTime,
                Clock.systemUTC()),
            new Settings(
                base.tick(),
                base.refetch(),
                rangeElements,
                base.queuedMessages(),
                base.queuedBytes(),
                base.auditRecords()));
    coordinator.start();
  }

  static LinkSettings link(int port) {
    return link(HOST, port);
  }

  private static LinkSettings link(String host, int port) {
    return new LinkSettings(
        "ssl://" + host + ":" + port,
        Duration.ofSeconds(30),
        Duration.ofDays(1),
        Duration.ofMillis(200),
        Duration.ofSeconds(2));
  }

  /** The port of the broker. */
  public int brokerPort() {
    return brokerPort;
  }

  /** A token for a site. */
  public String token(String site) throws RefusedException {
    return authority.issueToken(site, Duration.ofHours(1));
  }

  /** Submits a task. */
  public void submit(String yaml) throws RefusedException {
    coordinator.submit(yaml);
  }

  /** Waits until a site has been heard of. */
  public void awaitSite(String site, Duration limit) throws InterruptedException {
    await(
        limit,
        () -> coordinator.sites().stream().anyMatch(s -> s.id().equals(site) && s.connected()));
  }

  /** Waits until the task is in a phase, or behind it. */
  public void awaitPhase(String phase, Duration limit) throws InterruptedException {
    await(
        limit,
        () -> {
          TaskRun run = run();
          if (run.state().equals("failed")) {
            throw new IllegalStateException("the task failed: " + run);
          }
          return run.phase().equals(phase) || run.state().equals("finished");
        });
  }

  /** Waits until the task is finished. @return its rounds */
  public List<RoundRecord> awaitEnd(Duration limit) throws InterruptedException, RefusedException {
    awaitPhase("finished", limit);
    return coordinator.rounds(run().digest().hex());
  }

  private TaskRun run() {
    return coordinator.tasks().get(0);
  }

  /** Chunks that passed its link. */
  public Traffic traffic() {
    return Traffic.of(counted);
  }

  /** Waits until more different chunks have come than so many. */
  public void awaitChunk(long received, Duration limit) throws InterruptedException {
    await(limit, () -> counted.chunksReceived() > received);
  }

  /** Something that comes to hold. */
  interface Condition {
    boolean holds();
  }

  static void await(Duration limit, Condition condition) throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    while (!condition.holds()) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException("it did not come about within " + limit);
      }
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }

  @Override
  public void close() throws IOException {
    coordinator.close();
    link.close();
    if (broker != null) {
      broker.close();
    }
    authority.close();
    storage.close();
  }
}
