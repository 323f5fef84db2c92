// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.plant.internal.mqtt;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.fedwerk.api.data.DataRole;
import org.fedwerk.plant.internal.Backoff;
import org.fedwerk.plant.internal.Json;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends quality labels to the plant's broker: topic {@code <site>/quality/<label>}, QoS 1. Labels
 * wait in memory, up to a bound, while the broker is away; one counts as acknowledged when the
 * broker has it and a subscriber gets it. {@link #send} is called by the plant's thread, all else
 * happens on a thread of its own.
 */
public final class LabelPublisher implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LabelPublisher.class);
  private static final int BATCH = 64;
  private static final long ANSWER_MILLIS = 10_000;

  /** MQTT 5, table 3-4: the message was accepted, but nobody subscribes to its topic. */
  private static final int NO_SUBSCRIBERS = 0x10;

  /** MQTT 5, 2.4: reason codes from here on are failures. */
  private static final int FAILURE = 0x80;

  private final String site;
  private final String topic;
  private final BrokerSettings settings;
  private final BlockingQueue<byte[]> waiting;
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong acknowledged = new AtomicLong();
  private final Thread thread;
  private volatile String state = "not connected yet";
  private @Nullable MqttAsyncClient client;

  /**
   * A publisher; nothing happens before {@link #start}.
   *
   * @param site the plant's name
   * @param label the label's name
   */
  public LabelPublisher(String site, String label, BrokerSettings settings) {
    this.site = site;
    this.topic = site + "/quality/" + label;
    this.settings = settings;
    this.waiting = new ArrayBlockingQueue<>(settings.bound());
    this.thread = new Thread(this::run, "fedwerk-plant-labels-" + site);
    this.thread.setDaemon(true);
  }

  /** Starts to connect. */
  public void start() {
    thread.start();
  }

  /** Hands a label over; waits while too many wait already. */
  public void send(String serial, String code, Instant time, Optional<DataRole> role)
      throws InterruptedException {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("serial", serial);
    fields.put("code", code);
    fields.put("time", time);
    role.ifPresent(given -> fields.put("role", given.name().toLowerCase(Locale.ROOT)));
    waiting.put(Json.object(fields).getBytes(StandardCharsets.UTF_8));
    sent.incrementAndGet();
  }

  /** Labels handed over since start. */
  public long sent() {
    return sent.get();
  }

  /** Labels that the broker has taken for at least one subscriber. */
  public long acknowledged() {
    return acknowledged.get();
  }

  /** How the connection is, in words. */
  public String state() {
    return state;
  }

  private void run() {
    Backoff backoff = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(5));
    List<byte[]> batch = new ArrayList<>();
    try {
      while (true) {
        if (batch.isEmpty()) {
          batch.add(waiting.take());
          waiting.drainTo(batch, BATCH - 1);
        }
        int before = batch.size();
        attempt(batch);
        if (batch.size() < before) {
          backoff.reset();
        } else {
          backoff.await();
        }
      }
    } catch (InterruptedException stopped) {
      state = "stopped";
    } finally {
      disconnect();
    }
  }

  /** Publishes the batch and takes out of it what was acknowledged. */
  private void attempt(List<byte[]> batch) throws InterruptedException {
    try {
      MqttAsyncClient connected = connected();
      List<IMqttToken> tokens = new ArrayList<>();
      for (byte[] label : batch) {
        tokens.add(connected.publish(topic, label, 1, false));
      }
      List<byte[]> left = new ArrayList<>();
      int refused = 0;
      for (int k = 0; k < tokens.size(); k++) {
        tokens.get(k).waitForCompletion(ANSWER_MILLIS);
        int reason = reason(tokens.get(k));
        if (reason == NO_SUBSCRIBERS || reason >= FAILURE) {
          left.add(batch.get(k));
          refused = reason;
        }
      }
      acknowledged.addAndGet(batch.size() - left.size());
      batch.clear();
      batch.addAll(left);
      tell(left.isEmpty() ? "connected" : refusal(refused));
    } catch (MqttException | IOException | GeneralSecurityException failed) {
      disconnect();
      if (Thread.interrupted() || failed.getCause() instanceof InterruptedException) {
        throw new InterruptedException();
      }
      tell(
          "cannot send to "
              + settings.address()
              + ", trying again: "
              + (failed.getCause() == null ? failed : failed.getCause()));
    }
  }

  private static int reason(IMqttToken token) {
    int[] reasons = token.getReasonCodes();
    return reasons == null || reasons.length == 0 ? 0 : reasons[0];
  }

  private String refusal(int reason) {
    return reason == NO_SUBSCRIBERS
        ? "waiting for a subscriber to " + topic
        : "the broker refuses "
            + topic
            + " (reason "
            + reason
            + "); give user "
            + settings.login().user()
            + " the right to write it";
  }

  private void tell(String now) {
    if (!now.equals(state)) {
      LOG.info("labels of plant {}: {}", site, now);
      state = now;
    }
  }

  private MqttAsyncClient connected() throws MqttException, IOException, GeneralSecurityException {
    MqttAsyncClient known = client;
    if (known != null && known.isConnected()) {
      return known;
    }
    disconnect();
    MqttConnectionOptions options = new MqttConnectionOptions();
    options.setSocketFactory(BrokerSockets.trusting(settings.ca()));
    options.setHttpsHostnameVerificationEnabled(true);
    options.setUserName(settings.login().user());
    options.setPassword(settings.login().password().getBytes(StandardCharsets.UTF_8));
    options.setCleanStart(true);
    options.setAutomaticReconnect(false);
    options.setConnectionTimeout(10);
    options.setKeepAliveInterval(20);
    MqttAsyncClient fresh =
        new MqttAsyncClient(settings.address(), "fedwerk-plant-" + site, new MemoryPersistence());
    client = fresh;
    fresh.connect(options).waitForCompletion(ANSWER_MILLIS);
    return fresh;
  }

  private void disconnect() {
    MqttAsyncClient known = client;
    client = null;
    if (known == null) {
      return;
    }
    try {
      if (known.isConnected()) {
        known.disconnectForcibly(100, 500, true);
      }
      known.close(true);
    } catch (MqttException ignored) {
      // The connection is given up either way.
    }
  }

  @Override
  public void close() throws InterruptedException {
    thread.interrupt();
    thread.join(5_000);
  }
}
