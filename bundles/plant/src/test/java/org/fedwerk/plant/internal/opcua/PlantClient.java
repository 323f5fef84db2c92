// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.plant.internal.opcua;

import static org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.Unsigned.uint;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.eclipse.milo.opcua.sdk.client.OpcUaClient;
import org.eclipse.milo.opcua.sdk.client.identity.UsernameProvider;
import org.eclipse.milo.opcua.sdk.client.subscriptions.OpcUaMonitoredItem;
import org.eclipse.milo.opcua.sdk.client.subscriptions.OpcUaSubscription;
import org.eclipse.milo.opcua.stack.core.security.CertificateValidator;
import org.eclipse.milo.opcua.stack.core.security.SecurityPolicy;
import org.eclipse.milo.opcua.stack.core.types.builtin.DataValue;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.eclipse.milo.opcua.stack.core.types.enumerated.DataChangeTrigger;
import org.eclipse.milo.opcua.stack.core.types.enumerated.TimestampsToReturn;
import org.eclipse.milo.opcua.stack.core.types.structured.DataChangeFilter;
import org.fedwerk.plant.process.ProcessSignal;

/** A client as a site has one: encrypted, every value of every signal. */
public final class PlantClient implements AutoCloseable {
  private final OpcUaClient client;
  private final Map<String, List<DataValue>> received = new ConcurrentHashMap<>();

  /** The client's own certificate is made in the folder. */
  public static Path certificate(Path folder) throws Exception {
    ApplicationKey.in(folder, "urn:test:client", "127.0.0.1");
    return folder.resolve("own.der");
  }

  public PlantClient(String endpoint, Path folder, String user, String password) throws Exception {
    ApplicationKey key = ApplicationKey.in(folder, "urn:test:client", "127.0.0.1");
    client =
        OpcUaClient.create(
            endpoint,
            endpoints ->
                endpoints.stream()
                    .filter(
                        e ->
                            SecurityPolicy.Basic256Sha256.getUri().equals(e.getSecurityPolicyUri()))
                    .findFirst(),
            transport -> {},
            config ->
                config
                    .setApplicationUri(key.uri())
                    .setKeyPair(key.keys())
                    .setCertificate(key.certificate())
                    .setCertificateChain(new X509Certificate[] {key.certificate()})
                    .setCertificateValidator(
                        new CertificateValidator.InsecureCertificateValidator())
                    .setIdentityProvider(new UsernameProvider(user, password))
                    .setMaxPendingPublishRequests(uint(1)));
    client.connect();
  }

  /** Subscribes to signals and the serial; equal values come again with each new time. */
  public void subscribe(String site, List<ProcessSignal> signals, int queueSize) throws Exception {
    var subscription = new OpcUaSubscription(client);
    subscription.setPublishingInterval(10.0);
    subscription.create();
    List<ProcessSignal> all = new ArrayList<>(signals);
    all.add(new ProcessSignal(PlantServer.SERIAL, ""));
    for (ProcessSignal signal : all) {
      List<DataValue> values = Collections.synchronizedList(new ArrayList<>());
      received.put(signal.name(), values);
      OpcUaMonitoredItem item = OpcUaMonitoredItem.newDataItem(node(site, signal));
      item.setSamplingInterval(0);
      item.setQueueSize(uint(queueSize));
      item.setFilter(new DataChangeFilter(DataChangeTrigger.StatusValueTimestamp, uint(0), 0.0));
      item.setDataValueListener((from, value) -> values.add(value));
      subscription.addMonitoredItem(item);
    }
    subscription.synchronizeMonitoredItems();
  }

  private NodeId node(String site, ProcessSignal signal) throws Exception {
    return new NodeId(
        client.readNamespaceTable().getIndex(PlantServer.namespaceOf(site)),
        "Machine." + signal.nodeName());
  }

  public Object read(String site, ProcessSignal signal) throws Exception {
    return client.readValue(0, TimestampsToReturn.Both, node(site, signal)).value().value();
  }

  public List<Object> values(String signal) {
    List<DataValue> values = received.get(signal);
    synchronized (values) {
      return values.stream().map(value -> value.value().value()).toList();
    }
  }

  public List<Instant> times(String signal) {
    List<DataValue> values = received.get(signal);
    synchronized (values) {
      return values.stream().map(value -> value.sourceTime().getJavaInstant()).toList();
    }
  }

  public long overflows() {
    return received.values().stream()
        .flatMap(values -> List.copyOf(values).stream())
        .filter(value -> value.statusCode().isOverflowSet())
        .count();
  }

  public static void await(String what, BooleanSupplier condition) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    var never = new CountDownLatch(1);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new TimeoutException("waited for " + what);
      }
      if (never.await(10, TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException();
      }
    }
  }

  public static void trust(Path certificate, Path serverFolder) throws Exception {
    Path trusted = Files.createDirectories(serverFolder.resolve("trusted"));
    Files.copy(certificate, trusted.resolve("client.der"));
  }

  @Override
  public void close() throws Exception {
    client.disconnect();
  }
}
