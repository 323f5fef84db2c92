// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.signal.opcua.internal;

import java.io.IOException;
import java.lang.reflect.Field;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.eclipse.milo.opcua.sdk.core.AccessLevel;
import org.eclipse.milo.opcua.sdk.core.Reference;
import org.eclipse.milo.opcua.sdk.server.EndpointConfig;
import org.eclipse.milo.opcua.sdk.server.ManagedNamespaceWithLifecycle;
import org.eclipse.milo.opcua.sdk.server.OpcUaServer;
import org.eclipse.milo.opcua.sdk.server.OpcUaServerConfig;
import org.eclipse.milo.opcua.sdk.server.identity.AnonymousIdentityValidator;
import org.eclipse.milo.opcua.sdk.server.identity.CompositeValidator;
import org.eclipse.milo.opcua.sdk.server.identity.UsernameIdentityValidator;
import org.eclipse.milo.opcua.sdk.server.items.DataItem;
import org.eclipse.milo.opcua.sdk.server.items.MonitoredItem;
import org.eclipse.milo.opcua.sdk.server.nodes.UaVariableNode;
import org.eclipse.milo.opcua.sdk.server.subscriptions.Subscription;
import org.eclipse.milo.opcua.stack.core.NodeIds;
import org.eclipse.milo.opcua.stack.core.channel.EncodingLimits;
import org.eclipse.milo.opcua.stack.core.security.CertificateManager;
import org.eclipse.milo.opcua.stack.core.security.DefaultApplicationGroup;
import org.eclipse.milo.opcua.stack.core.security.DefaultCertificateManager;
import org.eclipse.milo.opcua.stack.core.security.DefaultServerCertificateValidator;
import org.eclipse.milo.opcua.stack.core.security.MemoryCertificateQuarantine;
import org.eclipse.milo.opcua.stack.core.security.MemoryCertificateStore;
import org.eclipse.milo.opcua.stack.core.security.MemoryTrustListManager;
import org.eclipse.milo.opcua.stack.core.security.RsaSha256CertificateFactory;
import org.eclipse.milo.opcua.stack.core.security.SecurityPolicy;
import org.eclipse.milo.opcua.stack.core.transport.TransportProfile;
import org.eclipse.milo.opcua.stack.core.types.builtin.DataValue;
import org.eclipse.milo.opcua.stack.core.types.builtin.DateTime;
import org.eclipse.milo.opcua.stack.core.types.builtin.LocalizedText;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.eclipse.milo.opcua.stack.core.types.builtin.StatusCode;
import org.eclipse.milo.opcua.stack.core.types.builtin.Variant;
import org.eclipse.milo.opcua.stack.core.types.enumerated.MessageSecurityMode;
import org.eclipse.milo.opcua.stack.core.types.enumerated.UserTokenType;
import org.eclipse.milo.opcua.stack.core.types.structured.UserTokenPolicy;
import org.eclipse.milo.opcua.stack.core.util.SelfSignedCertificateBuilder;
import org.eclipse.milo.opcua.stack.core.util.SelfSignedCertificateGenerator;
import org.eclipse.milo.opcua.stack.transport.server.tcp.OpcTcpServerTransport;
import org.eclipse.milo.opcua.stack.transport.server.tcp.OpcTcpServerTransportConfig;

/** A server that hands every value to its monitored items, so that none is lost by polling. */
final class PushingServer implements AutoCloseable {
  static final String NAMESPACE = "urn:test:plant";
  static final String USER = "site";
  static final String PASSWORD = "right";
  private static final String APPLICATION = "urn:test:pushing-server";

  private final OpcUaServer server;
  private final Namespace namespace;
  private final int port;

  /** The identity of a server: it stays the same when the server is restarted. */
  record Certificate(KeyPair keys, X509Certificate certificate) {
    static Certificate make() throws Exception {
      KeyPair keys = SelfSignedCertificateGenerator.generateRsaKeyPair(2048);
      return new Certificate(
          keys,
          new SelfSignedCertificateBuilder(keys)
              .setCommonName("test plant")
              .setOrganization("test")
              .setApplicationUri(APPLICATION)
              .addDnsName("localhost")
              .addIpAddress("127.0.0.1")
              .build());
    }
  }

  /** Starts on a port with nodes of the names given, each a variable in {@link #NAMESPACE}. */
  PushingServer(
      int port, Certificate certificate, List<X509Certificate> trusted, List<String> nodes)
      throws Exception {
    this.port = port;
    MemoryTrustListManager trust = new MemoryTrustListManager();
    trust.setTrustedCertificates(trusted);
    server =
        new OpcUaServer(
            OpcUaServerConfig.builder()
                .setApplicationUri(APPLICATION)
                .setApplicationName(LocalizedText.english("test plant"))
                .setProductUri("urn:test")
                .setEndpoints(endpoints(port, certificate.certificate()))
                .setEncodingLimits(new EncodingLimits(8196, 4096, 32 << 20, 128))
                .setCertificateManager(manager(certificate, trust))
                .setIdentityValidator(
                    new CompositeValidator(
                        AnonymousIdentityValidator.INSTANCE,
                        new UsernameIdentityValidator(
                            c -> USER.equals(c.getUsername()) && PASSWORD.equals(c.getPassword()))))
                .build(),
            profile -> new OpcTcpServerTransport(OpcTcpServerTransportConfig.newBuilder().build()));
    namespace = new Namespace(server, nodes);
    namespace.startup();
    server.startup().get(10, TimeUnit.SECONDS);
  }

  private static CertificateManager manager(Certificate certificate, MemoryTrustListManager trust)
      throws Exception {
    RsaSha256CertificateFactory factory =
        new RsaSha256CertificateFactory() {
          @Override
          protected KeyPair createRsaSha256KeyPair() {
            return certificate.keys();
          }

          @Override
          protected X509Certificate[] createRsaSha256CertificateChain(KeyPair keys) {
            return new X509Certificate[] {certificate.certificate()};
          }
        };
    MemoryCertificateQuarantine quarantine = new MemoryCertificateQuarantine();
    return new DefaultCertificateManager(
        quarantine,
        DefaultApplicationGroup.createAndInitialize(
            trust,
            new MemoryCertificateStore(),
            factory,
            new DefaultServerCertificateValidator(trust, quarantine)));
  }

  private static Set<EndpointConfig> endpoints(int port, X509Certificate certificate) {
    EndpointConfig.Builder plain =
        EndpointConfig.newBuilder()
            .setTransportProfile(TransportProfile.TCP_UASC_UABINARY)
            .setBindAddress("127.0.0.1")
            .setBindPort(port)
            .setHostname("127.0.0.1")
            .setCertificate(certificate)
            .addTokenPolicies(
                new UserTokenPolicy("anonymous", UserTokenType.Anonymous, null, null, null),
                new UserTokenPolicy(
                    "user",
                    UserTokenType.UserName,
                    null,
                    null,
                    SecurityPolicy.Basic256Sha256.getUri()));
    Set<EndpointConfig> endpoints = new HashSet<>();
    endpoints.add(
        plain
            .copy()
            .setSecurityPolicy(SecurityPolicy.None)
            .setSecurityMode(MessageSecurityMode.None)
            .build());
    endpoints.add(
        plain
            .copy()
            .setSecurityPolicy(SecurityPolicy.Basic256Sha256)
            .setSecurityMode(MessageSecurityMode.SignAndEncrypt)
            .build());
    return endpoints;
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      return socket.getLocalPort();
    }
  }

  String url() {
    return "opc.tcp://127.0.0.1:" + port;
  }

  /** Hands a value to all items of a node, and keeps it for items to come. */
  void push(String node, Object value, long millis) {
    push(
        node,
        new DataValue(
            new Variant(value), StatusCode.GOOD, new DateTime(Instant.ofEpochMilli(millis)), null));
  }

  void push(String node, DataValue value) {
    namespace.push(node, value);
  }

  void add(String node) {
    namespace.add(node);
  }

  int subscriptions() {
    return server.getSubscriptions().size();
  }

  /** Its subscriptions send nothing any more, and go on being there. */
  void mute() throws ReflectiveOperationException {
    Field timer = Subscription.class.getDeclaredField("publishingTimer");
    timer.setAccessible(true);
    for (Subscription each : server.getSubscriptions().values()) {
      ((Future<?>) timer.get(each)).cancel(false);
    }
  }

  int items() {
    return namespace.items.values().stream().mapToInt(Set::size).sum();
  }

  @Override
  public void close() throws Exception {
    namespace.shutdown();
    server.shutdown().get(10, TimeUnit.SECONDS);
  }

  private static final class Namespace extends ManagedNamespaceWithLifecycle {
    final Map<NodeId, Set<DataItem>> items = new ConcurrentHashMap<>();
    final Map<NodeId, DataValue> newest = new ConcurrentHashMap<>();

    Namespace(OpcUaServer server, List<String> nodes) {
      super(server, NAMESPACE);
      nodes.forEach(this::add);
    }

    void add(String name) {
      UaVariableNode node =
          new UaVariableNode.UaVariableNodeBuilder(getNodeContext())
              .setNodeId(newNodeId(name))
              .setBrowseName(newQualifiedName(name))
              .setDisplayName(LocalizedText.english(name))
              .setDataType(NodeIds.Double)
              .setTypeDefinition(NodeIds.BaseDataVariableType)
              .setAccessLevel(AccessLevel.READ_ONLY)
              .setMinimumSamplingInterval(0.0)
              .build();
      node.addReference(
          new Reference(
              node.getNodeId(),
              NodeIds.Organizes,
              NodeIds.ObjectsFolder.expanded(),
              Reference.Direction.INVERSE));
      getNodeManager().addNode(node);
    }

    synchronized void push(String name, DataValue value) {
      NodeId node = newNodeId(name);
      newest.put(node, value);
      items.getOrDefault(node, Set.of()).forEach(i -> i.setValue(value));
    }

    @Override
    public synchronized void onDataItemsCreated(List<DataItem> created) {
      for (DataItem item : created) {
        NodeId node = item.getReadValueId().getNodeId();
        items.computeIfAbsent(node, n -> ConcurrentHashMap.newKeySet()).add(item);
        DataValue value = newest.get(node);
        if (value != null) {
          item.setValue(value);
        }
      }
    }

    @Override
    public void onDataItemsModified(List<DataItem> modified) {}

    @Override
    public synchronized void onDataItemsDeleted(List<DataItem> deleted) {
      deleted.forEach(i -> items.getOrDefault(i.getReadValueId().getNodeId(), Set.of()).remove(i));
    }

    @Override
    public void onMonitoringModeChanged(List<MonitoredItem> changed) {}
  }
}
