// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.plant.internal.probe;

import static org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.Unsigned.uint;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.eclipse.milo.opcua.sdk.client.OpcUaClient;
import org.eclipse.milo.opcua.sdk.client.identity.UsernameProvider;
import org.eclipse.milo.opcua.sdk.client.subscriptions.MonitoredItemSynchronizationException;
import org.eclipse.milo.opcua.sdk.client.subscriptions.OpcUaMonitoredItem;
import org.eclipse.milo.opcua.sdk.client.subscriptions.OpcUaSubscription;
import org.eclipse.milo.opcua.stack.core.UaException;
import org.eclipse.milo.opcua.stack.core.UaRuntimeException;
import org.eclipse.milo.opcua.stack.core.security.SecurityPolicy;
import org.eclipse.milo.opcua.stack.core.types.builtin.DataValue;
import org.eclipse.milo.opcua.stack.core.types.builtin.ExpandedNodeId;
import org.eclipse.milo.opcua.stack.core.types.builtin.LocalizedText;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.eclipse.milo.opcua.stack.core.types.builtin.StatusCode;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.UInteger;
import org.eclipse.milo.opcua.stack.core.types.enumerated.MessageSecurityMode;
import org.eclipse.milo.opcua.stack.core.types.structured.EndpointDescription;
import org.fedwerk.plant.internal.Backoff;
import org.fedwerk.plant.internal.opcua.ApplicationKey;
import org.fedwerk.plant.internal.opcua.TrustedFolder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures how long a prediction takes: from the last value that the plant writes for a part to the
 * DataChange with the part's serial at an encrypted client session in the plant's process. {@link
 * #complete} is called by the plant's thread, DataChanges come on the client's threads, connecting
 * happens on a thread of its own.
 */
public final class LatencyProbe implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LatencyProbe.class);
  private static final int KEPT = 10_000;
  private static final double PUBLISHING_MILLIS = 10;

  /**
   * With more, the client library takes responses that overtake each other for lost ones, asks for
   * them again and delivers them twice.
   */
  private static final UInteger ONE_AT_A_TIME = uint(1);

  private final String site;
  private final ProbeSettings settings;
  private final Latencies latencies = new Latencies(100_000);
  private final Map<String, Long> expected =
      Collections.synchronizedMap(
          new LinkedHashMap<>() {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
              return size() > KEPT;
            }
          });
  private final Thread thread;
  private volatile String state = "not connected yet";

  /** A probe; nothing happens before {@link #start}. */
  public LatencyProbe(String site, ProbeSettings settings) {
    this.site = site;
    this.settings = settings;
    this.thread = new Thread(this::run, "fedwerk-plant-probe-" + site);
    this.thread.setDaemon(true);
  }

  /** Starts to connect. */
  public void start() {
    thread.start();
  }

  /** The last value of a part is about to be written. */
  public void complete(String serial) {
    expected.put(serial, System.nanoTime());
  }

  /** Predictions measured. */
  public long count() {
    return latencies.count();
  }

  /** A quantile of the latencies, in milliseconds; NaN before the first one. */
  public double quantileMillis(double share) {
    return latencies.quantileMillis(share);
  }

  /** How the connection is, in words. */
  public String state() {
    return state;
  }

  private void arrived(DataValue value) {
    long now = System.nanoTime();
    if (value.value().value() instanceof String serial) {
      Long written = expected.remove(serial);
      if (written != null) {
        latencies.add(now - written);
      }
    }
  }

  private void run() {
    Backoff backoff = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(5));
    try {
      while (true) {
        try {
          watch(backoff);
          tell("the subscription was lost, connecting again");
        } catch (UaException | UaRuntimeException | IOException | GeneralSecurityException failed) {
          tell("cannot read " + settings.endpoint() + ", trying again: " + failed.getMessage());
        }
        backoff.await();
      }
    } catch (InterruptedException stopped) {
      state = "stopped";
    }
  }

  /** Subscribes and stays until the subscription is lost. */
  private void watch(Backoff backoff)
      throws UaException, IOException, GeneralSecurityException, InterruptedException {
    ApplicationKey key =
        ApplicationKey.in(settings.folder(), "urn:fedwerk:plant:" + site + ":probe", "127.0.0.1");
    TrustedFolder servers = new TrustedFolder(settings.folder(), settings.trustServer());
    OpcUaClient client = client(key, servers);
    try {
      client.connect();
      CountDownLatch lost = subscribe(client);
      backoff.reset();
      tell("subscribed to " + settings.node() + " at " + settings.endpoint());
      lost.await();
    } finally {
      client.disconnectAsync();
    }
  }

  private OpcUaClient client(ApplicationKey key, TrustedFolder servers) throws UaException {
    return OpcUaClient.create(
        settings.endpoint(),
        LatencyProbe::encrypted,
        transport -> {},
        config ->
            config
                .setApplicationName(LocalizedText.english("Fedwerk latency probe " + site))
                .setApplicationUri(key.uri())
                .setKeyPair(key.keys())
                .setCertificate(key.certificate())
                .setCertificateChain(new X509Certificate[] {key.certificate()})
                .setCertificateValidator(servers)
                .setIdentityProvider(
                    new UsernameProvider(settings.login().user(), settings.login().password()))
                .setRequestTimeout(uint(10_000))
                .setMaxPendingPublishRequests(ONE_AT_A_TIME));
  }

  private static Optional<EndpointDescription> encrypted(List<EndpointDescription> endpoints) {
    return endpoints.stream()
        .filter(e -> SecurityPolicy.Basic256Sha256.getUri().equals(e.getSecurityPolicyUri()))
        .filter(e -> e.getSecurityMode() == MessageSecurityMode.SignAndEncrypt)
        .findFirst();
  }

  private CountDownLatch subscribe(OpcUaClient client) throws UaException {
    NodeId node =
        ExpandedNodeId.parse(settings.node()).toNodeIdOrThrow(client.readNamespaceTable());
    OpcUaSubscription subscription = new OpcUaSubscription(client);
    // Set here and not in the constructor, which would keep the keep-alive count of one second.
    subscription.setPublishingInterval(PUBLISHING_MILLIS);
    CountDownLatch lost = new CountDownLatch(1);
    subscription.setSubscriptionListener(new LossListener(lost));
    subscription.create();
    OpcUaMonitoredItem item = OpcUaMonitoredItem.newDataItem(node);
    item.setSamplingInterval(0);
    item.setQueueSize(uint(100));
    item.setDataValueListener((from, value) -> arrived(value));
    subscription.addMonitoredItem(item);
    try {
      subscription.synchronizeMonitoredItems();
    } catch (MonitoredItemSynchronizationException refused) {
      throw new UaException(
          item.getCreateResult().map(StatusCode::value).orElse(StatusCode.BAD.value()),
          "no monitored item on " + settings.node());
    }
    return lost;
  }

  private void tell(String now) {
    if (!now.equals(state)) {
      LOG.info("latency probe of plant {}: {}", site, now);
      state = now;
    }
  }

  @Override
  public void close() throws InterruptedException {
    thread.interrupt();
    thread.join(5_000);
  }

  /** Tells when the server forgot the subscription, for which a new one is the only remedy. */
  private record LossListener(CountDownLatch lost)
      implements OpcUaSubscription.SubscriptionListener {
    @Override
    public void onTransferFailed(OpcUaSubscription subscription, StatusCode status) {
      lost.countDown();
    }

    @Override
    public void onStatusChanged(OpcUaSubscription subscription, StatusCode status) {
      if (status.isBad()) {
        lost.countDown();
      }
    }

    @Override
    public void onWatchdogTimerElapsed(OpcUaSubscription subscription) {
      lost.countDown();
    }
  }
}
