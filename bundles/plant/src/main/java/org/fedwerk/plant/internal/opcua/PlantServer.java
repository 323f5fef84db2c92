// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.plant.internal.opcua;

import static org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.Unsigned.uint;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.milo.opcua.sdk.server.EndpointConfig;
import org.eclipse.milo.opcua.sdk.server.OpcUaServer;
import org.eclipse.milo.opcua.sdk.server.OpcUaServerConfig;
import org.eclipse.milo.opcua.sdk.server.OpcUaServerConfigLimits;
import org.eclipse.milo.opcua.sdk.server.identity.UsernameIdentityValidator;
import org.eclipse.milo.opcua.stack.core.security.SecurityPolicy;
import org.eclipse.milo.opcua.stack.core.transport.TransportProfile;
import org.eclipse.milo.opcua.stack.core.types.builtin.DataValue;
import org.eclipse.milo.opcua.stack.core.types.builtin.DateTime;
import org.eclipse.milo.opcua.stack.core.types.builtin.LocalizedText;
import org.eclipse.milo.opcua.stack.core.types.builtin.StatusCode;
import org.eclipse.milo.opcua.stack.core.types.builtin.Variant;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.UInteger;
import org.eclipse.milo.opcua.stack.core.types.enumerated.MessageSecurityMode;
import org.eclipse.milo.opcua.stack.core.types.structured.BuildInfo;
import org.eclipse.milo.opcua.stack.transport.server.tcp.OpcTcpServerTransport;
import org.eclipse.milo.opcua.stack.transport.server.tcp.OpcTcpServerTransportConfig;
import org.fedwerk.plant.internal.Login;
import org.fedwerk.plant.process.ProcessSignal;

/**
 * The plant's OPC UA server: Basic256Sha256, SignAndEncrypt, one user. Every written value goes
 * into the queue of every monitored item with its source time; a write waits while a queue is full.
 */
public final class PlantServer implements AutoCloseable {
  /** Name of the signal that says which part is in the machine. */
  public static final String SERIAL = "part-serial";

  private final OpcUaServer server;
  private final MachineNamespace namespace;
  private final String endpoint;

  private PlantServer(OpcUaServer server, MachineNamespace namespace, String endpoint) {
    this.server = server;
    this.namespace = namespace;
    this.endpoint = endpoint;
  }

  /**
   * Starts a server; returns when it listens.
   *
   * @throws IOException if the port is taken, or key and folder cannot be used
   */
  public static PlantServer start(ServerSettings settings, List<ProcessSignal> signals)
      throws IOException, GeneralSecurityException, InterruptedException {
    ApplicationKey key =
        ApplicationKey.in(
            settings.folder(), namespaceOf(settings.site()) + ":server", settings.host());
    int port = settings.port() == 0 ? freePort(settings.host()) : settings.port();
    OpcUaServer server =
        new OpcUaServer(
            config(settings, key, port),
            profile -> new OpcTcpServerTransport(OpcTcpServerTransportConfig.newBuilder().build()));
    MachineNamespace namespace =
        new MachineNamespace(server, namespaceOf(settings.site()), signals);
    namespace.startup();
    String endpoint = "opc.tcp://" + settings.host() + ":" + port + path(settings.site());
    PlantServer plant = new PlantServer(server, namespace, endpoint);
    try {
      server.startup().get(30, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException failed) {
      plant.close();
      throw new IOException("the OPC UA server cannot listen on " + endpoint, failed);
    }
    return plant;
  }

  /** The namespace URI of a plant's variables. */
  public static String namespaceOf(String site) {
    return "urn:fedwerk:plant:" + site;
  }

  private static String path(String site) {
    return "/plant/" + site;
  }

  private static int freePort(String host) throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(host))) {
      return socket.getLocalPort();
    }
  }

  private static OpcUaServerConfig config(ServerSettings settings, ApplicationKey key, int port)
      throws IOException, GeneralSecurityException {
    TrustedFolder clients = new TrustedFolder(settings.folder(), settings.trustAllClients());
    return OpcUaServerConfig.builder()
        .setApplicationUri(key.uri())
        .setApplicationName(LocalizedText.english("Fedwerk simulated plant " + settings.site()))
        .setProductUri("urn:fedwerk:plant")
        .setBuildInfo(
            new BuildInfo(
                "urn:fedwerk:plant", "Fedwerk", "simulated plant", "", "", DateTime.MIN_VALUE))
        .setCertificateManager(ServerCertificates.of(key, clients))
        .setIdentityValidator(
            new UsernameIdentityValidator(asked -> admits(settings.login(), asked)))
        .setEndpoints(endpoints(settings, key, port))
        .setLimits(new Limits())
        .build();
  }

  private static boolean admits(
      Login login, UsernameIdentityValidator.AuthenticationChallenge asked) {
    boolean user = asked.getUsername().equals(login.user());
    boolean password =
        MessageDigest.isEqual(
            asked.getPassword().getBytes(StandardCharsets.UTF_8),
            login.password().getBytes(StandardCharsets.UTF_8));
    return user & password;
  }

  private static Set<EndpointConfig> endpoints(
      ServerSettings settings, ApplicationKey key, int port) {
    EndpointConfig.Builder common =
        EndpointConfig.newBuilder()
            .setTransportProfile(TransportProfile.TCP_UASC_UABINARY)
            .setBindAddress(settings.host())
            .setBindPort(port)
            .setHostname(settings.host())
            .setCertificate(key.certificate())
            .addTokenPolicies(OpcUaServerConfig.USER_TOKEN_POLICY_USERNAME);
    Set<EndpointConfig> endpoints = new LinkedHashSet<>();
    endpoints.add(
        common
            .copy()
            .setPath(path(settings.site()))
            .setSecurityPolicy(SecurityPolicy.Basic256Sha256)
            .setSecurityMode(MessageSecurityMode.SignAndEncrypt)
            .build());
    // Asking for endpoints has no security by its nature (Part 4, 5.5.4); sessions are not possible
    // here.
    endpoints.add(
        common
            .copy()
            .setPath(path(settings.site()) + "/discovery")
            .setSecurityPolicy(SecurityPolicy.None)
            .setSecurityMode(MessageSecurityMode.None)
            .build());
    return endpoints;
  }

  /** The address of the encrypted endpoint. */
  public String endpoint() {
    return endpoint;
  }

  /** True if every signal and the serial have a monitored item that reports. */
  public boolean isSubscribed() {
    return namespace.signals().values().stream().allMatch(PushedSignal::isSubscribed);
  }

  /** Writes a number; waits while a client's queue is full. */
  public void write(String signal, double value, Instant sourceTime) throws InterruptedException {
    write(signal, Variant.ofDouble(value), sourceTime);
  }

  /** Writes which part is in the machine, empty for none; waits while a client's queue is full. */
  public void writeSerial(String serial, Instant sourceTime) throws InterruptedException {
    write(SERIAL, Variant.ofString(serial), sourceTime);
  }

  /** Writes a text where a number belongs, as a machine at fault does. */
  public void writeText(String signal, String text, Instant sourceTime)
      throws InterruptedException {
    write(signal, Variant.ofString(text), sourceTime);
  }

  private void write(String signal, Variant value, Instant sourceTime) throws InterruptedException {
    PushedSignal pushed = namespace.signals().get(signal);
    if (pushed == null) {
      throw new IllegalArgumentException("no signal named " + signal);
    }
    pushed.write(new DataValue(value, StatusCode.GOOD, new DateTime(sourceTime), DateTime.now()));
  }

  /** Values written to at least one monitored item, by signal name. */
  public Map<String, Long> written() {
    Map<String, Long> written = new LinkedHashMap<>();
    namespace.signals().forEach((name, signal) -> written.put(name, signal.written()));
    return written;
  }

  /** Values lost to full queues that a client left behind when it came back. */
  public long overflows() {
    return namespace.signals().values().stream().mapToLong(PushedSignal::overflows).sum();
  }

  @Override
  public void close() {
    namespace.shutdown();
    try {
      server.shutdown().get(10, TimeUnit.SECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException ignored) {
      // The process or the next instance goes on; a port that stays taken is told at its start.
    }
  }

  private static final class Limits implements OpcUaServerConfigLimits {
    @Override
    public UInteger getMaxSessions() {
      return uint(20);
    }

    @Override
    public UInteger getMaxMonitoredItems() {
      return uint(2000);
    }
  }
}
