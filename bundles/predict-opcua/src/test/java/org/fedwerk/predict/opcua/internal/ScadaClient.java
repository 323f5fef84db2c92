// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.predict.opcua.internal;

import static org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.Unsigned.uint;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.milo.opcua.sdk.client.OpcUaClient;
import org.eclipse.milo.opcua.sdk.client.identity.AnonymousProvider;
import org.eclipse.milo.opcua.sdk.client.identity.IdentityProvider;
import org.eclipse.milo.opcua.sdk.client.identity.UsernameProvider;
import org.eclipse.milo.opcua.sdk.client.subscriptions.OpcUaMonitoredItem;
import org.eclipse.milo.opcua.sdk.client.subscriptions.OpcUaSubscription;
import org.eclipse.milo.opcua.sdk.core.types.DynamicStructType;
import org.eclipse.milo.opcua.stack.core.UaException;
import org.eclipse.milo.opcua.stack.core.security.CertificateValidator;
import org.eclipse.milo.opcua.stack.core.security.SecurityPolicy;
import org.eclipse.milo.opcua.stack.core.types.builtin.DataValue;
import org.eclipse.milo.opcua.stack.core.types.builtin.ExtensionObject;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.eclipse.milo.opcua.stack.core.types.enumerated.DataChangeTrigger;
import org.eclipse.milo.opcua.stack.core.types.enumerated.MessageSecurityMode;
import org.eclipse.milo.opcua.stack.core.types.enumerated.TimestampsToReturn;
import org.eclipse.milo.opcua.stack.core.types.structured.DataChangeFilter;

/** A SCADA system's client: Basic256Sha256, SignAndEncrypt, its own certificate. */
final class ScadaClient implements AutoCloseable {
  private static final CertificateValidator ANY_SERVER = (chain, uri, hosts) -> {};

  private final OpcUaClient client;

  private ScadaClient(OpcUaClient client) {
    this.client = client;
  }

  static ScadaClient connect(String endpoint, Path folder, String user, String password)
      throws Exception {
    return connect(
        endpoint,
        folder,
        new UsernameProvider(
            user, () -> password.getBytes(StandardCharsets.UTF_8), ANY_SERVER, t -> t.get(0)));
  }

  static ScadaClient connectAnonymously(String endpoint, Path folder) throws Exception {
    return connect(endpoint, folder, AnonymousProvider.INSTANCE);
  }

  private static ScadaClient connect(String endpoint, Path folder, IdentityProvider identity)
      throws Exception {
    ApplicationCertificate own = ApplicationCertificate.of(folder, Set.of("localhost"));
    OpcUaClient client =
        OpcUaClient.create(
            endpoint,
            offered ->
                offered.stream()
                    .filter(
                        e ->
                            SecurityPolicy.Basic256Sha256.getUri().equals(e.getSecurityPolicyUri())
                                && e.getSecurityMode() == MessageSecurityMode.SignAndEncrypt)
                    .findFirst(),
            transport -> {},
            config ->
                config
                    .setApplicationUri(own.uri())
                    .setKeyPair(own.keys())
                    .setCertificate(own.own())
                    .setCertificateChain(own.chain().toArray(new X509Certificate[0]))
                    .setCertificateValidator(ANY_SERVER)
                    .setIdentityProvider(identity)
                    .setRequestTimeout(uint(20_000)));
    ScadaClient connected = new ScadaClient(client);
    try {
      client.connect();
      return connected;
    } catch (UaException refused) {
      connected.close();
      throw refused;
    }
  }

  OpcUaClient milo() {
    return client;
  }

  NodeId id(String node) {
    return NodeId.parse("ns=" + namespace() + ";s=" + node);
  }

  int namespace() {
    return client.getNamespaceTable().getIndex(FedwerkNamespace.URI).intValue();
  }

  DataValue read(String node) throws UaException {
    return client.readValues(0, TimestampsToReturn.Both, List.of(id(node))).get(0);
  }

  /** A structure, decoded by what the server tells of its type. */
  Map<String, Object> decode(DataValue value) throws UaException {
    ExtensionObject encoded = (ExtensionObject) value.value().value();
    return ((DynamicStructType) encoded.decode(client.getDynamicEncodingContext())).getMembers();
  }

  /** Listens to nodes; every queue has the same size. */
  Listening listen(List<String> nodes, int queueSize, double publishingMillis, int expected)
      throws Exception {
    Listening listening = new Listening(nodes.size() * expected);
    OpcUaSubscription subscription = new OpcUaSubscription(client, publishingMillis);
    subscription.create();
    List<OpcUaMonitoredItem> items = new ArrayList<>();
    for (String node : nodes) {
      OpcUaMonitoredItem item = OpcUaMonitoredItem.newDataItem(id(node));
      item.setQueueSize(uint(queueSize));
      item.setSamplingInterval(0);
      item.setFilter(new DataChangeFilter(DataChangeTrigger.StatusValueTimestamp, uint(0), 0.0));
      item.setDataValueListener((source, value) -> listening.take(node, value));
      items.add(item);
    }
    subscription.addMonitoredItems(items);
    subscription.synchronizeMonitoredItems();
    return listening;
  }

  @Override
  public void close() {
    try {
      client.disconnectAsync().get(5, TimeUnit.SECONDS);
    } catch (InterruptedException
        | java.util.concurrent.ExecutionException
        | java.util.concurrent.TimeoutException gone) {
      Thread.currentThread().isInterrupted();
    }
  }

  /** What came, by node. */
  static final class Listening {
    private final Map<String, ConcurrentLinkedQueue<DataValue>> values = new TreeMap<>();
    private final CountDownLatch outstanding;

    Listening(int outstanding) {
      this.outstanding = new CountDownLatch(outstanding);
    }

    private void take(String node, DataValue value) {
      synchronized (values) {
        values.computeIfAbsent(node, n -> new ConcurrentLinkedQueue<>()).add(value);
      }
      outstanding.countDown();
    }

    List<DataValue> values(String node) {
      synchronized (values) {
        return List.copyOf(Optional.ofNullable(values.get(node)).orElseThrow());
      }
    }

    boolean isComplete() throws InterruptedException {
      return outstanding.await(30, TimeUnit.SECONDS);
    }
  }
}
