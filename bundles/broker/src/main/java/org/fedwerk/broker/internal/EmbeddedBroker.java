// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.broker.internal;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.api.core.TransportConfiguration;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.paging.PagingManager;
import org.apache.activemq.artemis.core.protocol.mqtt.MQTTProtocolManagerFactory;
import org.apache.activemq.artemis.core.server.ActiveMQServer;
import org.apache.activemq.artemis.core.server.JournalType;
import org.apache.activemq.artemis.core.server.impl.ActiveMQServerImpl;
import org.apache.activemq.artemis.core.server.impl.ServiceRegistryImpl;
import org.apache.activemq.artemis.core.settings.impl.AddressFullMessagePolicy;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;
import org.apache.activemq.artemis.spi.core.protocol.RemotingConnection;
import org.apache.activemq.artemis.spi.core.remoting.Acceptor;
import org.fedwerk.api.broker.BrokerTraffic;
import org.fedwerk.api.identity.Identity;
import org.fedwerk.api.status.StatusLine;
import org.fedwerk.api.status.StatusSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running broker: MQTT 3.1.1 and 5 over TLS on one port, nothing else. Plain Java; starting and
 * closing block for seconds.
 */
public final class EmbeddedBroker implements BrokerTraffic, StatusSource, Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedBroker.class);
  private static final String ACCEPTOR = "mqtt";

  /** Named so that the broker does not warn of each queue that it is missing; it never exists. */
  private static final String NOWHERE = "fedwerk.nowhere";

  private static final int NETWORK_THREADS = 4;
  private static final int WORK_THREADS = 16;
  private static final long LOCK_MILLIS = 5_000;

  private final BrokerSettings settings;
  private final Counts counts = new Counts();
  private final DoorKeeper keeper;
  private final ActiveMQServer server;
  private final ScheduledExecutorService sweeper;
  private final int port;

  private EmbeddedBroker(BrokerSettings settings, BrokerSettings.Keys keys, Door door)
      throws IOException {
    this.settings = settings;
    probe(keys);
    this.keeper = new DoorKeeper(settings.name(), door, counts);
    SessionRules rules = new SessionRules(settings.sessionExpiryMax(), counts);
    ServiceRegistryImpl registry = new ServiceRegistryImpl();
    registry.addAcceptorFactory(
        ACCEPTOR, new MeteredAcceptor.Factory(counts, settings.packetMax()));
    registry.addIncomingInterceptor(rules);
    registry.addOutgoingInterceptor(rules);
    this.server =
        new ActiveMQServerImpl(configuration(settings, keys), null, keeper, null, registry);
    server.addProtocolManagerFactory(new MQTTProtocolManagerFactory());
    this.port = listen();
    this.sweeper =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "fedwerk-broker-sweep-" + settings.name());
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * Starts a broker for a federation: mutual TLS, rights by certificate.
   *
   * @param coordinator the coordinator's identity; its roster says who is revoked
   * @throws IOException if it cannot listen or the folder cannot be used
   */
  public static EmbeddedBroker forFederation(BrokerSettings settings, Identity coordinator)
      throws IOException {
    Identity.TlsStores tls = coordinator.tls();
    EmbeddedBroker broker =
        new EmbeddedBroker(
            settings,
            new BrokerSettings.Keys(tls.keys(), tls.trust(), tls.password(), true),
            new FederationDoor(coordinator));
    // Who is connected is not asked for rights while it only listens.
    broker.sweeper.scheduleWithFixedDelay(broker::sweep, 1, 1, TimeUnit.SECONDS);
    return broker;
  }

  /**
   * Starts a broker with users, passwords and its own server certificate.
   *
   * @param keystore PKCS #12 file
   * @throws IOException if it cannot listen, the folder cannot be used or the file not be opened
   */
  public static EmbeddedBroker forUsers(
      BrokerSettings settings,
      Path keystore,
      char[] password,
      Map<String, BrokerSettings.User> users)
      throws IOException {
    return new EmbeddedBroker(
        settings,
        new BrokerSettings.Keys(keystore, keystore, password, false),
        new UserDoor(users));
  }

  private static Configuration configuration(BrokerSettings settings, BrokerSettings.Keys keys) {
    byte[] random = new byte[32];
    new SecureRandom().nextBytes(random);
    String folder = settings.folder().toAbsolutePath().toString();
    ConfigurationImpl configuration = new ConfigurationImpl();
    configuration.setName(settings.name());
    configuration.setJournalDirectory(folder + "/journal");
    configuration.setBindingsDirectory(folder + "/bindings");
    configuration.setPagingDirectory(folder + "/paging");
    configuration.setLargeMessagesDirectory(folder + "/large");
    configuration.setJournalType(JournalType.NIO);
    configuration.setJournalFileSize(settings.journalFileBytes());
    configuration.setJournalMinFiles(2);
    configuration.setJournalPoolFiles(4);
    configuration.setJournalLockAcquisitionTimeout(LOCK_MILLIS);
    configuration.setMaxDiskUsage(
        settings.diskMaxPercent() == 100 ? -1 : settings.diskMaxPercent());
    configuration.setSecurityEnabled(true);
    // The built-in cluster user would pass all checks with a password that everybody knows.
    configuration.setClusterUser(HexFormat.of().formatHex(random, 0, 16));
    configuration.setClusterPassword(HexFormat.of().formatHex(random, 16, 32));
    configuration.setAuthenticationCacheSize(0);
    configuration.setAuthorizationCacheSize(0);
    configuration.setSecurityInvalidationInterval(0);
    configuration.setResolveProtocols(false);
    configuration.setJMXManagementEnabled(false);
    configuration.setCriticalAnalyzer(false);
    configuration.setSuppressSessionNotifications(true);
    configuration.setThreadPoolMaxSize(WORK_THREADS);
    configuration.setMqttSessionScanInterval(TimeUnit.SECONDS.toMillis(1));
    AddressSettings queues = new AddressSettings();
    queues.setMaxSizeBytes(settings.queueMaxBytes());
    queues.setPageSizeBytes(Math.toIntExact(Math.min(settings.queueMaxBytes() / 4, 4 << 20)));
    queues.setAddressFullMessagePolicy(
        AddressFullMessagePolicy.valueOf(settings.whenFull().name()));
    // At least once has no number of attempts after which a message is thrown away.
    queues.setMaxDeliveryAttempts(-1);
    queues.setDeadLetterAddress(SimpleString.of(NOWHERE));
    queues.setExpiryAddress(SimpleString.of(NOWHERE));
    configuration.addAddressSetting("#", queues);
    configuration.addAcceptorConfiguration(acceptor(settings, keys));
    return configuration;
  }

  private static TransportConfiguration acceptor(
      BrokerSettings settings, BrokerSettings.Keys keys) {
    String password = new String(keys.password());
    Map<String, Object> parameters = new HashMap<>();
    parameters.put("host", settings.host());
    parameters.put("port", settings.port());
    parameters.put("sslEnabled", true);
    parameters.put("enabledProtocols", "TLSv1.3,TLSv1.2");
    parameters.put("keyStoreType", "PKCS12");
    parameters.put("keyStorePath", keys.keys().toAbsolutePath().toString());
    parameters.put("keyStorePassword", password);
    if (keys.isMutual()) {
      parameters.put("trustStoreType", "PKCS12");
      parameters.put("trustStorePath", keys.trust().toAbsolutePath().toString());
      parameters.put("trustStorePassword", password);
      parameters.put("needClientAuth", true);
    }
    parameters.put("useEpoll", false);
    parameters.put("useKQueue", false);
    parameters.put("tcpNoDelay", true);
    parameters.put("remotingThreads", NETWORK_THREADS);
    parameters.put("connectionsAllowed", settings.clientsMax());
    parameters.put("quietPeriod", 0);
    parameters.put("shutdownTimeout", 1000);
    Map<String, Object> mqtt = new HashMap<>();
    mqtt.put("maximumPacketSize", settings.packetMax());
    mqtt.put(
        "defaultMqttSessionExpiryInterval",
        Math.toIntExact(settings.sessionExpiryMax().toSeconds()));
    return new TransportConfiguration(MeteredAcceptor.class.getName(), parameters, ACCEPTOR, mqtt);
  }

  /** The broker would tell of these with stack traces, and half started. */
  private void probe(BrokerSettings.Keys keys) throws IOException {
    try {
      KeyStore.getInstance(keys.keys().toFile(), keys.password());
    } catch (IOException | GeneralSecurityException | RuntimeException closed) {
      throw failed(closed);
    }
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(settings.host(), settings.port()));
    } catch (IOException | RuntimeException taken) {
      throw failed(taken);
    }
  }

  private int listen() throws IOException {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    server.registerActivationFailureListener(failure::set);
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    // The broker finds classes of its own by the context class loader.
    thread.setContextClassLoader(ActiveMQServerImpl.class.getClassLoader());
    try {
      server.start();
      Acceptor acceptor = server.getRemotingService().getAcceptor(ACCEPTOR);
      if (failure.get() == null && acceptor != null && acceptor.getActualPort() > 0) {
        return acceptor.getActualPort();
      }
    } catch (Exception failed) {
      failure.compareAndSet(null, failed);
    } finally {
      thread.setContextClassLoader(before);
    }
    IOException failed = failed(failure.get());
    try {
      server.stop();
    } catch (Exception alsoFailed) {
      failed.addSuppressed(alsoFailed);
    }
    throw failed;
  }

  private IOException failed(@Nullable Throwable reason) {
    return new IOException(
        BrokerSettings.PID
            + "-"
            + settings.name()
            + " could not start on "
            + settings.host()
            + ":"
            + settings.port()
            + " with folder "
            + settings.folder()
            + (reason == null ? "" : " (" + root(reason) + ")")
            + "; free the port or the folder, check the keystore, or set others",
        reason);
  }

  private static String root(Throwable failure) {
    Throwable root = failure;
    for (Throwable next = root.getCause(); next != null; next = root.getCause()) {
      root = next;
    }
    return String.valueOf(root.getMessage());
  }

  /** Closes connections of those who were let in and would not be now. */
  private void sweep() {
    Set<RemotingConnection> connections = server.getRemotingService().getConnections();
    for (RemotingConnection connection : connections) {
      if (!keeper.isWelcome(connection)) {
        connection.getTransportConnection().close();
      }
    }
  }

  @Override
  public String name() {
    return settings.name();
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public int clients() {
    return server.getConnectionCount();
  }

  /** Bytes in memory of the topic that holds most; 0 while it does not run. */
  long fullestTopic() {
    PagingManager topics = server.getPagingManager();
    return topics == null
        ? 0
        : Stream.of(topics.getStoreNames()).mapToLong(name -> bytes(topics, name)).max().orElse(0);
  }

  private static long bytes(PagingManager topics, SimpleString name) {
    try {
      return topics.getPageStore(name).getAddressSize();
    } catch (Exception gone) {
      return 0; // It was taken away meanwhile.
    }
  }

  @Override
  public long bytesIn() {
    return counts.in.sum();
  }

  @Override
  public long bytesOut() {
    return counts.out.sum();
  }

  /** For tests and status. */
  Counts counts() {
    return counts;
  }

  @Override
  public List<StatusLine> status() {
    boolean isUp = server.isActive();
    return List.of(
        new StatusLine(
            "broker " + settings.name(),
            isUp ? StatusLine.State.READY : StatusLine.State.DOWN,
            isUp
                ? "listens on "
                    + settings.host()
                    + ":"
                    + port
                    + ", "
                    + clients()
                    + " clients, "
                    + counts
                : "the broker stopped by itself; see the log, and restart it"));
  }

  @Override
  public void close() throws IOException {
    sweeper.shutdownNow();
    try {
      server.stop();
    } catch (Exception failed) {
      throw new IOException("broker " + settings.name() + " did not stop in order", failed);
    }
    LOG.info("Broker {} stopped", settings.name());
  }
}
