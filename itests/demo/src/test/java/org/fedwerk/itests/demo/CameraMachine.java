// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.eclipse.milo.opcua.sdk.core.AccessLevel;
import org.eclipse.milo.opcua.sdk.core.Reference;
import org.eclipse.milo.opcua.sdk.server.EndpointConfig;
import org.eclipse.milo.opcua.sdk.server.ManagedNamespaceWithLifecycle;
import org.eclipse.milo.opcua.sdk.server.OpcUaServer;
import org.eclipse.milo.opcua.sdk.server.OpcUaServerConfig;
import org.eclipse.milo.opcua.sdk.server.identity.UsernameIdentityValidator;
import org.eclipse.milo.opcua.sdk.server.items.DataItem;
import org.eclipse.milo.opcua.sdk.server.items.MonitoredDataItem;
import org.eclipse.milo.opcua.sdk.server.items.MonitoredItem;
import org.eclipse.milo.opcua.sdk.server.nodes.UaVariableNode;
import org.eclipse.milo.opcua.stack.core.NodeIds;
import org.eclipse.milo.opcua.stack.core.StatusCodes;
import org.eclipse.milo.opcua.stack.core.security.SecurityPolicy;
import org.eclipse.milo.opcua.stack.core.transport.TransportProfile;
import org.eclipse.milo.opcua.stack.core.types.builtin.ByteString;
import org.eclipse.milo.opcua.stack.core.types.builtin.DataValue;
import org.eclipse.milo.opcua.stack.core.types.builtin.DateTime;
import org.eclipse.milo.opcua.stack.core.types.builtin.LocalizedText;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.eclipse.milo.opcua.stack.core.types.builtin.StatusCode;
import org.eclipse.milo.opcua.stack.core.types.builtin.Variant;
import org.eclipse.milo.opcua.stack.core.types.enumerated.MessageSecurityMode;
import org.eclipse.milo.opcua.stack.transport.server.tcp.OpcTcpServerTransport;
import org.eclipse.milo.opcua.stack.transport.server.tcp.OpcTcpServerTransportConfig;
import org.fedwerk.plant.internal.opcua.ApplicationKey;
import org.fedwerk.plant.internal.opcua.ServerCertificates;
import org.fedwerk.plant.internal.opcua.TrustedFolder;

/**
 * A machine with a camera: an OPC UA server of two variables, the serial of the part in it and the
 * picture of that part as a ByteString. It lets in whom it trusts, encrypted and with a password.
 */
final class CameraMachine implements AutoCloseable {
  static final String NAMESPACE = "urn:example:press";
  static final String SERIAL = "Machine.PartSerial";
  static final String PICTURE = "Camera.Picture";

  private static final String URI = "urn:example:press:server";
  private static final String PATH = "/line";
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

  private final OpcUaServer server;
  private final Variables variables;
  private final Path folder;
  private final String endpoint;

  /** Starts to listen on loopback. */
  CameraMachine(int port, Path folder, String user, String password) throws Exception {
    this.folder = folder;
    endpoint = "opc.tcp://127.0.0.1:" + port + PATH;
    ApplicationKey key = ApplicationKey.in(folder, URI, "127.0.0.1");
    server =
        new OpcUaServer(
            OpcUaServerConfig.builder()
                .setApplicationUri(key.uri())
                .setApplicationName(LocalizedText.english("press"))
                .setProductUri("urn:example:press:product")
                .setCertificateManager(ServerCertificates.of(key, new TrustedFolder(folder, false)))
                .setIdentityValidator(
                    new UsernameIdentityValidator(
                        asked ->
                            user.equals(asked.getUsername())
                                && password.equals(asked.getPassword())))
                .setEndpoints(endpoints(key.certificate(), port))
                .build(),
            profile -> new OpcTcpServerTransport(OpcTcpServerTransportConfig.newBuilder().build()));
    variables = new Variables(server);
    variables.startup();
    server.startup().get(30, TimeUnit.SECONDS);
  }

  /** To find endpoints there is no security by its nature (Part 4, 5.5.4). */
  private static Set<EndpointConfig> endpoints(X509Certificate certificate, int port) {
    EndpointConfig.Builder common =
        EndpointConfig.newBuilder()
            .setTransportProfile(TransportProfile.TCP_UASC_UABINARY)
            .setBindAddress("127.0.0.1")
            .setBindPort(port)
            .setHostname("127.0.0.1")
            .setCertificate(certificate)
            .addTokenPolicies(OpcUaServerConfig.USER_TOKEN_POLICY_USERNAME);
    return Set.of(
        common
            .copy()
            .setPath(PATH)
            .setSecurityPolicy(SecurityPolicy.Basic256Sha256)
            .setSecurityMode(MessageSecurityMode.SignAndEncrypt)
            .build(),
        common
            .copy()
            .setPath(PATH + "/discovery")
            .setSecurityPolicy(SecurityPolicy.None)
            .setSecurityMode(MessageSecurityMode.None)
            .build());
  }

  String endpoint() {
    return endpoint;
  }

  /** Lets a client in from now on, as its engineer would: by the file of its certificate. */
  void trust(Path certificate) throws IOException {
    Files.copy(
        certificate, folder.resolve("trusted/site.der"), StandardCopyOption.REPLACE_EXISTING);
  }

  boolean isSubscribed(String variable) {
    return !variables.of(variable).isEmpty();
  }

  /** Says which part is in the machine, empty for none. */
  void serial(String serial, Instant time) throws InterruptedException {
    variables.write(SERIAL, Variant.ofString(serial), time);
  }

  /** Shows a picture when the one before is on its way. */
  void picture(byte[] picture, Instant time) throws InterruptedException {
    variables.write(PICTURE, Variant.ofByteString(ByteString.of(picture)), time);
  }

  @Override
  public void close() throws Exception {
    variables.shutdown();
    server.shutdown().get(10, TimeUnit.SECONDS);
  }

  private static final class Variables extends ManagedNamespaceWithLifecycle {
    private final Map<NodeId, Set<MonitoredDataItem>> items = new ConcurrentHashMap<>();
    private final Map<NodeId, UaVariableNode> nodes = new ConcurrentHashMap<>();

    Variables(OpcUaServer server) {
      super(server, NAMESPACE);
      getLifecycleManager()
          .addStartupTask(
              () -> {
                add(SERIAL, NodeIds.String);
                add(PICTURE, NodeIds.ByteString);
              });
    }

    private void add(String name, NodeId type) {
      UaVariableNode node =
          UaVariableNode.build(
              getNodeContext(),
              builder ->
                  builder
                      .setNodeId(newNodeId(name))
                      .setBrowseName(newQualifiedName(name))
                      .setDisplayName(LocalizedText.english(name))
                      .setDataType(type)
                      .setTypeDefinition(NodeIds.BaseDataVariableType)
                      .setAccessLevel(AccessLevel.READ_ONLY)
                      .setUserAccessLevel(AccessLevel.READ_ONLY)
                      .setMinimumSamplingInterval(0.0)
                      .build());
      node.setValue(
          new DataValue(
              Variant.NULL_VALUE,
              new StatusCode(StatusCodes.Bad_WaitingForInitialData),
              DateTime.now()));
      node.addReference(
          new Reference(
              node.getNodeId(), NodeIds.Organizes, NodeIds.ObjectsFolder.expanded(), false));
      getNodeManager().addNode(node);
      nodes.put(node.getNodeId(), node);
      items.put(node.getNodeId(), ConcurrentHashMap.newKeySet());
    }

    Set<MonitoredDataItem> of(String name) {
      return items.getOrDefault(newNodeId(name), Set.of());
    }

    void write(String name, Variant value, Instant time) throws InterruptedException {
      DataValue data = new DataValue(value, StatusCode.GOOD, new DateTime(time), DateTime.now());
      UaVariableNode node = nodes.get(newNodeId(name));
      if (node == null) {
        throw new IllegalArgumentException("no variable " + name);
      }
      node.setValue(data);
      long end = System.nanoTime() + PATIENCE_NANOS;
      for (MonitoredDataItem item : of(name)) {
        while (item.hasNotifications()) {
          if (System.nanoTime() > end) {
            throw new IllegalStateException("nobody fetches " + name);
          }
          TimeUnit.MILLISECONDS.sleep(1);
        }
        item.setValue(data);
      }
    }

    @Override
    public void onDataItemsCreated(List<DataItem> created) {
      for (DataItem each : created) {
        UaVariableNode node = nodes.get(each.getReadValueId().getNodeId());
        if (node != null && each instanceof MonitoredDataItem item) {
          item.setValue(node.getValue());
          items.getOrDefault(node.getNodeId(), Set.of()).add(item);
        }
      }
    }

    @Override
    public void onDataItemsModified(List<DataItem> modified) {}

    @Override
    public void onDataItemsDeleted(List<DataItem> deleted) {
      for (DataItem each : deleted) {
        items.getOrDefault(each.getReadValueId().getNodeId(), Set.of()).remove(each);
      }
    }

    @Override
    public void onMonitoringModeChanged(List<MonitoredItem> changed) {}
  }
}
