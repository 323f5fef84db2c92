// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.broker.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.fedwerk.api.broker.BrokerTraffic;
import org.fedwerk.api.identity.Identity;
import org.fedwerk.api.message.Party;
import org.fedwerk.api.metric.Measurement;
import org.fedwerk.api.metric.MetricSource;
import org.fedwerk.api.metric.QueueLevel;
import org.fedwerk.api.status.StatusLine;
import org.fedwerk.api.status.StatusSource;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One broker for each configuration. It starts and stops on its own thread; for a federation it
 * runs while the coordinator's identity is there. Services are registered by hand, because a
 * configuration holds passwords that must not become service properties.
 */
@Component(
    service = {},
    configurationPid = BrokerSettings.PID,
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = BrokerConfig.class, factory = true)
public final class BrokerComponent implements StatusSource, MetricSource {
  private static final Logger LOG = LoggerFactory.getLogger(BrokerComponent.class);
  private static final String FEDERATION = "federation";
  private static final String USERS = "users";
  private static final String KARAF_DATA = "karaf.data";
  private static final long PAUSE_SECONDS = 10;
  private static final long STOP_SECONDS = 30;
  private static final Set<String> KEYS =
      new TreeSet<>(
          Set.of(
              "host",
              "port",
              "auth",
              "packet.max",
              "clients.max",
              "folder",
              "journal.file.size",
              "session.expiry.max",
              "queue.max",
              "queue.full",
              "disk.max",
              "keystore",
              "keystore.password"));

  private final BundleContext context;
  private final BrokerSettings settings;
  private final boolean isFederated;
  private final Path keystore;
  private final char[] keystorePassword;
  private final Map<String, BrokerSettings.User> users;
  private final ScheduledExecutorService work;
  private volatile @Nullable Identity identity;
  private volatile @Nullable EmbeddedBroker broker;
  private volatile StatusLine status;
  private @Nullable ServiceRegistration<?> statusService;
  private @Nullable Identity served; // of the own thread
  private @Nullable ServiceRegistration<?> trafficService; // of the own thread

  /** Reads the configuration. */
  @Activate
  public BrokerComponent(
      BundleContext context, BrokerConfig config, Map<String, Object> configuration) {
    this.context = context;
    String name = name(String.valueOf(configuration.get("service.pid")));
    this.users = Users.read(name, configuration, KEYS);
    BrokerSettings.require(
        config.auth().equals(FEDERATION) || config.auth().equals(USERS),
        name,
        "auth",
        config.auth(),
        "federation or users");
    BrokerSettings.require(
        config.queue_full().equals("PAGE") || config.queue_full().equals("BLOCK"),
        name,
        "queue.full",
        config.queue_full(),
        "PAGE or BLOCK");
    this.isFederated = config.auth().equals(FEDERATION);
    BrokerSettings.require(
        isFederated != !users.isEmpty(),
        name,
        "auth",
        config.auth(),
        "federation without any user.<name>.password, or users with at least one");
    BrokerSettings.require(
        isFederated == config.keystore().isEmpty(),
        name,
        "keystore",
        config.keystore(),
        "a PKCS #12 file for auth = users, and nothing for auth = federation");
    this.keystore = Path.of(config.keystore());
    this.keystorePassword = config.keystore_password().toCharArray();
    this.settings =
        new BrokerSettings(
            name,
            config.host(),
            config.port(),
            config.packet_max(),
            config.clients_max(),
            folder(name, config.folder()),
            config.journal_file_size(),
            Duration.ofSeconds(config.session_expiry_max()),
            config.queue_max(),
            BrokerSettings.WhenFull.valueOf(config.queue_full()),
            config.disk_max());
    this.work =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "fedwerk-broker-" + name);
              thread.setDaemon(true);
              return thread;
            });
    this.status = line(StatusLine.State.STARTING, "starts");
  }

  /**
   * From {@code org.fedwerk.broker~<name>} or, by older ways, {@code org.fedwerk.broker.<name>}.
   */
  static String name(String pid) {
    String rest =
        pid.startsWith(BrokerSettings.PID) ? pid.substring(BrokerSettings.PID.length()) : pid;
    return rest.length() > 1 ? rest.substring(1) : "default";
  }

  private Path folder(String name, String configured) {
    String data = context.getProperty(KARAF_DATA);
    if (data == null) {
      data = context.getDataFile("").getPath();
    }
    return configured.isEmpty()
        ? Path.of(data, "fedwerk", "broker", name)
        : Path.of(configured.replace("${" + KARAF_DATA + "}", data));
  }

  /** The own identity; only a coordinator's will do. */
  @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
  void bindIdentity(Identity bound) {
    identity = bound;
    later(this::restart);
  }

  void unbindIdentity(Identity gone) {
    if (identity == gone) {
      identity = null;
      later(this::restart);
    }
  }

  /** References come and go after {@link #stop} too. */
  private void later(Runnable step) {
    if (!work.isShutdown()) {
      work.execute(step);
    }
  }

  /** Begins on the own thread. */
  @Activate
  void start() {
    statusService =
        context.registerService(
            new String[] {StatusSource.class.getName(), MetricSource.class.getName()}, this, null);
    later(this::restart);
  }

  /** Stops, and waits for it: the next broker may want the same port and folder. */
  @Deactivate
  void stop() throws InterruptedException {
    ServiceRegistration<?> registered = statusService;
    if (registered != null) {
      registered.unregister();
    }
    work.execute(this::halt);
    work.shutdown();
    if (!work.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
      LOG.error(
          "Broker {} did not stop in {} seconds; its port may be taken until it does",
          settings.name(),
          STOP_SECONDS);
    }
  }

  /** On the own thread: a broker for the identity of now, or none. */
  private void restart() {
    Identity coordinator = isFederated ? identity : null;
    if (broker != null && served == coordinator) {
      return;
    }
    halt();
    if (isFederated && coordinator == null) {
      status =
          line(
              StatusLine.State.WAITING,
              "waits for the coordinator's identity, see org.fedwerk.identity.authority");
      return;
    }
    if (isFederated && coordinator != null && coordinator.self().role() != Party.Role.COORDINATOR) {
      status =
          line(
              StatusLine.State.DOWN,
              "a federation's broker runs beside its coordinator, and this process is "
                  + coordinator.self());
      return;
    }
    status = line(StatusLine.State.STARTING, "starts");
    try {
      EmbeddedBroker started =
          isFederated && coordinator != null
              ? EmbeddedBroker.forFederation(settings, coordinator)
              : EmbeddedBroker.forUsers(settings, keystore, keystorePassword, users);
      served = coordinator;
      broker = started;
      trafficService = context.registerService(BrokerTraffic.class, started, null);
      LOG.info("Broker {} listens on {}:{}", settings.name(), settings.host(), started.port());
    } catch (IOException failed) {
      LOG.error("{}", failed.getMessage());
      LOG.debug("The broker did not start", failed);
      status =
          line(
              StatusLine.State.DOWN,
              failed.getMessage() + "; it is tried again every " + PAUSE_SECONDS + " seconds");
      if (!work.isShutdown()) {
        work.schedule(this::retry, PAUSE_SECONDS, TimeUnit.SECONDS);
      }
    }
  }

  private void retry() {
    if (broker == null && status.state() == StatusLine.State.DOWN) {
      restart();
    }
  }

  private void halt() {
    ServiceRegistration<?> registered = trafficService;
    if (registered != null) {
      trafficService = null;
      registered.unregister();
    }
    EmbeddedBroker running = broker;
    broker = null;
    if (running != null) {
      try {
        running.close();
      } catch (IOException failed) {
        LOG.error("{}", failed.getMessage(), failed);
      }
    }
  }

  private StatusLine line(StatusLine.State state, @Nullable String detail) {
    return new StatusLine("broker " + settings.name(), state, String.valueOf(detail));
  }

  @Override
  public List<Measurement> measurements() {
    EmbeddedBroker running = broker;
    if (running == null) {
      return List.of();
    }
    String[] tags = {"broker", settings.name()};
    List<Measurement> measured = new ArrayList<>();
    measured.addAll(
        new QueueLevel("clients:" + settings.name(), running.clients(), settings.clientsMax())
            .things());
    measured.addAll(
        new QueueLevel("topic:" + settings.name(), running.fullestTopic(), settings.queueMaxBytes())
            .bytes());
    measured.addAll(
        List.of(
            Measurement.gauge(
                "fedwerk.broker.clients", "", "Clients connected", running.clients(), tags),
            Measurement.counter(
                "fedwerk.broker.received", "bytes", "From clients", running.bytesIn(), tags),
            Measurement.counter(
                "fedwerk.broker.sent", "bytes", "To clients", running.bytesOut(), tags)));
    return measured;
  }

  @Override
  public List<StatusLine> status() {
    EmbeddedBroker running = broker;
    return running == null ? List.of(status) : running.status();
  }
}
