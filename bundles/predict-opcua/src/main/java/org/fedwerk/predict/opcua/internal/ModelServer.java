// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.predict.opcua.internal;

import static org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.Unsigned.uint;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.milo.opcua.sdk.server.EndpointConfig;
import org.eclipse.milo.opcua.sdk.server.OpcUaServer;
import org.eclipse.milo.opcua.sdk.server.OpcUaServerConfig;
import org.eclipse.milo.opcua.sdk.server.OpcUaServerConfigLimits;
import org.eclipse.milo.opcua.sdk.server.identity.AnonymousIdentityValidator;
import org.eclipse.milo.opcua.sdk.server.identity.CompositeValidator;
import org.eclipse.milo.opcua.sdk.server.identity.IdentityValidator;
import org.eclipse.milo.opcua.sdk.server.identity.UsernameIdentityValidator;
import org.eclipse.milo.opcua.stack.core.NodeIds;
import org.eclipse.milo.opcua.stack.core.security.CertificateManager;
import org.eclipse.milo.opcua.stack.core.security.CertificateStore;
import org.eclipse.milo.opcua.stack.core.security.DefaultApplicationGroup;
import org.eclipse.milo.opcua.stack.core.security.DefaultCertificateManager;
import org.eclipse.milo.opcua.stack.core.security.MemoryCertificateQuarantine;
import org.eclipse.milo.opcua.stack.core.security.MemoryCertificateStore;
import org.eclipse.milo.opcua.stack.core.security.MemoryTrustListManager;
import org.eclipse.milo.opcua.stack.core.security.RsaSha256CertificateFactory;
import org.eclipse.milo.opcua.stack.core.security.SecurityPolicy;
import org.eclipse.milo.opcua.stack.core.transport.TransportProfile;
import org.eclipse.milo.opcua.stack.core.types.builtin.DateTime;
import org.eclipse.milo.opcua.stack.core.types.builtin.LocalizedText;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.UInteger;
import org.eclipse.milo.opcua.stack.core.types.enumerated.MessageSecurityMode;
import org.eclipse.milo.opcua.stack.core.types.structured.BuildInfo;
import org.eclipse.milo.opcua.stack.transport.server.OpcServerTransport;
import org.eclipse.milo.opcua.stack.transport.server.ServerApplicationContext;
import org.eclipse.milo.opcua.stack.transport.server.tcp.OpcTcpServerTransport;
import org.eclipse.milo.opcua.stack.transport.server.tcp.OpcTcpServerTransportConfig;
import org.jspecify.annotations.Nullable;

/** One run of Milo's server with the namespace of predictions, from listening to its end. */
final class ModelServer implements AutoCloseable {
  private static final String PRODUCT = "urn:fedwerk:opcua";
  private static final int SUBSCRIPTIONS_PER_SESSION = 10;
  private static final long STOP_SECONDS = 10;

  private final OpcUaServer server;
  private final FedwerkNamespace namespace;
  private final String endpoint;

  private ModelServer(OpcUaServer server, FedwerkNamespace namespace, String endpoint) {
    this.server = server;
    this.namespace = namespace;
    this.endpoint = endpoint;
  }

  /**
   * Starts one; returns when it listens. Takes a second or two.
   *
   * @throws ServerProblem if it cannot listen, or folder and certificate cannot be used
   */
  static ModelServer start(ServerSettings settings, CertificateFolders clients)
      throws ServerProblem {
    int port = port(settings);
    clients.make();
    Set<String> hosts = new LinkedHashSet<>(List.of(settings.advertisedHost(), settings.host()));
    ApplicationCertificate certificate =
        ApplicationCertificate.of(settings.folder().resolve("own"), hosts);
    PromptTransport transport = new PromptTransport();
    OpcUaServer server =
        new OpcUaServer(config(settings, certificate, clients, port), profile -> transport);
    try {
      FedwerkNamespace namespace = new FedwerkNamespace(server);
      server.startup();
      if (transport.failure != null) {
        throw cannotListen(settings, port, transport.failure);
      }
      return new ModelServer(
          server, namespace, "opc.tcp://" + settings.advertisedHost() + ":" + port);
    } catch (IOException | ServerProblem failed) {
      server.shutdown();
      throw failed instanceof ServerProblem known
          ? known
          : new ServerProblem(failed.getMessage() + "; install the bundle anew");
    }
  }

  /** Asks for the port before all else: it is cheap, and the addresses of endpoints contain it. */
  private static int port(ServerSettings settings) throws ServerProblem {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(InetAddress.getByName(settings.host()), settings.port()));
      return socket.getLocalPort();
    } catch (IOException taken) {
      throw cannotListen(settings, settings.port(), taken);
    }
  }

  private static ServerProblem cannotListen(ServerSettings settings, int port, Exception why) {
    return new ServerProblem(
        "cannot listen on "
            + settings.host()
            + ":"
            + port
            + " ("
            + why.getMessage()
            + "); stop what uses the port, or set host and port in etc/"
            + SettingsReader.PID
            + ".cfg");
  }

  private static OpcUaServerConfig config(
      ServerSettings settings,
      ApplicationCertificate certificate,
      CertificateFolders clients,
      int port)
      throws ServerProblem {
    return OpcUaServerConfig.builder()
        .setApplicationUri(certificate.uri())
        .setApplicationName(LocalizedText.english("Fedwerk predictions"))
        .setProductUri(PRODUCT)
        .setBuildInfo(
            new BuildInfo(PRODUCT, "Fedwerk", "predict-opcua", "0.1.0", "", DateTime.MIN_VALUE))
        .setCertificateManager(certificates(certificate, clients))
        .setIdentityValidator(users(settings))
        .setEndpoints(endpoints(settings, certificate, port))
        .setLimits(new Limits(settings))
        .build();
  }

  private static CertificateManager certificates(
      ApplicationCertificate certificate, CertificateFolders clients) throws ServerProblem {
    X509Certificate[] chain = certificate.chain().toArray(new X509Certificate[0]);
    var store = new MemoryCertificateStore();
    try {
      store.set(
          NodeIds.RsaSha256ApplicationCertificateType,
          new CertificateStore.Entry(certificate.keys().getPrivate(), chain));
    } catch (Exception failed) { // the store declares no narrower type
      throw new ServerProblem("the certificate in " + certificate.file() + " cannot be used");
    }
    return new DefaultCertificateManager(
        new MemoryCertificateQuarantine(),
        new DefaultApplicationGroup(
            new MemoryTrustListManager(), store, new GivenCertificate(chain), clients));
  }

  private static IdentityValidator users(ServerSettings settings) {
    Login login = settings.login();
    UsernameIdentityValidator named =
        new UsernameIdentityValidator(
            asked -> login != null && login.admits(asked.getUsername(), asked.getPassword()));
    return settings.anonymous()
        ? new CompositeValidator(named, AnonymousIdentityValidator.INSTANCE)
        : named;
  }

  /** Asking for endpoints needs no security (Part 4, 5.5.4); Milo answers it on any path. */
  private static Set<EndpointConfig> endpoints(
      ServerSettings settings, ApplicationCertificate certificate, int port) {
    Set<EndpointConfig> endpoints = new LinkedHashSet<>();
    for (SecurityPolicy policy : settings.policies()) {
      EndpointConfig.Builder endpoint =
          EndpointConfig.newBuilder()
              .setTransportProfile(TransportProfile.TCP_UASC_UABINARY)
              .setBindAddress(settings.host())
              .setBindPort(port)
              .setHostname(settings.advertisedHost())
              .setCertificate(certificate.own())
              .setSecurityPolicy(policy)
              .setSecurityMode(
                  policy == SecurityPolicy.None
                      ? MessageSecurityMode.None
                      : MessageSecurityMode.SignAndEncrypt);
      if (settings.login() != null) {
        endpoint.addTokenPolicies(OpcUaServerConfig.USER_TOKEN_POLICY_USERNAME);
      }
      if (settings.anonymous()) {
        endpoint.addTokenPolicies(OpcUaServerConfig.USER_TOKEN_POLICY_ANONYMOUS);
      }
      endpoints.add(endpoint.build());
    }
    return endpoints;
  }

  FedwerkNamespace namespace() {
    return namespace;
  }

  /** The address that clients use. */
  String endpoint() {
    return endpoint;
  }

  long sessions() {
    return server.getSessionManager().getCurrentSessionCount().longValue();
  }

  long items() {
    return server.getMonitoredItemCount().get();
  }

  @Override
  public void close() {
    namespace.shutdown();
    try {
      server.shutdown().get(STOP_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException late) {
      // A port that stays taken is told by whoever wants it next.
    }
  }

  /** Keeps why it could not bind, which the library would write down as a stack trace. */
  private static final class PromptTransport implements OpcServerTransport {
    private final OpcServerTransport tcp =
        new OpcTcpServerTransport(OpcTcpServerTransportConfig.newBuilder().build());
    private @Nullable Exception failure;

    @Override
    public void bind(ServerApplicationContext application, InetSocketAddress address) {
      try {
        tcp.bind(application, address);
      } catch (Exception refused) { // what the interface declares; netty throws unchecked
        failure = refused;
      }
    }

    @Override
    public void unbind() throws Exception {
      tcp.unbind();
    }
  }

  /** The certificate is given; none is ever made by the library. */
  private static final class GivenCertificate extends RsaSha256CertificateFactory {
    private final X509Certificate[] chain;

    GivenCertificate(X509Certificate[] chain) {
      this.chain = chain;
    }

    @Override
    protected X509Certificate[] createRsaSha256CertificateChain(KeyPair keyPair) {
      return chain.clone();
    }
  }

  private record Limits(ServerSettings settings) implements OpcUaServerConfigLimits {
    @Override
    public UInteger getMaxSessions() {
      return uint(settings.maxSessions());
    }

    @Override
    public UInteger getMaxSubscriptions() {
      return uint((long) settings.maxSessions() * SUBSCRIPTIONS_PER_SESSION);
    }

    @Override
    public UInteger getMaxSubscriptionsPerSession() {
      return uint(SUBSCRIPTIONS_PER_SESSION);
    }

    @Override
    public UInteger getMaxMonitoredItems() {
      return uint(settings.maxItems());
    }

    @Override
    public UInteger getMaxMonitoredItemsPerSession() {
      return uint(settings.maxItems());
    }
  }
}
