// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.signal.mqtt.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttCallback;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.MqttDisconnectResponse;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.MqttSubscription;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.eclipse.paho.mqttv5.common.packet.UserProperty;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to the broker, from CONNECT to its end; the session outlives it. A new client of
 * the library for each, so that no packet id of an old connection is acknowledged on a new one. The
 * callbacks come on the library's threads and only fill the inbox; all else is for one thread.
 */
final class BrokerConnection implements MqttCallback, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BrokerConnection.class);

  private static final int BATCH = 64;

  private static final int KIB_BITS = 10;

  /** Above the library's own limits for TCP and TLS, so that it has given up before. */
  private static final long CONNECT_MILLIS = 30_000;

  private static final long ANSWER_MILLIS = 20_000;
  private static final long TICK_MILLIS = 250;

  /** Acknowledgements that are still to be written go out before the end. */
  private static final long QUIESCE_MILLIS = 1_000;

  private static final long DISCONNECT_MILLIS = 1_000;

  /** MQTT 5, 3.8.3.1: retained messages only when the subscription is new. */
  private static final int RETAINED_IF_NEW = 1;

  private final MqttSettings settings;
  private final Problems problems;
  private final LineClient client;

  /**
   * Messages that wait for storage. No Receive Maximum is announced to hold the broker back:
   * Artemis delivers out of order when it is reached. A full inbox stops reading instead.
   */
  private final BlockingQueue<Incoming> inbox;

  /** KiB that may come yet until some are stored; a larger message takes all of it. */
  private final Semaphore room;

  private final int most;

  private volatile @Nullable MqttDisconnectResponse lost;
  private volatile boolean isDelivering;
  private volatile boolean isClosed;
  private @Nullable Line line;
  private boolean isGivenUp;
  private long expirySeconds;

  /** A connection that is not made yet; close it in any case. */
  BrokerConnection(MqttSettings settings) throws ConnectionProblem {
    this.settings = settings;
    this.problems = new Problems(settings);
    this.inbox = new ArrayBlockingQueue<>(settings.inbox());
    this.most = settings.inboxBytes() >> KIB_BITS;
    this.room = new Semaphore(most);
    this.expirySeconds = settings.sessionExpiry().toSeconds();
    try {
      this.client = new LineClient(settings.broker(), settings.clientId());
    } catch (MqttException failed) {
      throw problems.ofConnecting(failed);
    }
  }

  /** Connects; blocks until the broker has answered. */
  void connect() throws ConnectionProblem {
    client.setManualAcks(true);
    client.setCallback(this);
    Line next = new Line(settings.broker(), TlsMaterial.sockets(settings));
    client.over(next);
    synchronized (this) {
      if (isGivenUp) {
        throw problems.lost();
      }
      line = next;
    }
    try {
      IMqttToken token = client.connect(options());
      token.waitForCompletion(CONNECT_MILLIS);
      MqttProperties answer = token.getResponseProperties();
      Long granted = answer == null ? null : answer.getSessionExpiryInterval();
      if (granted != null) {
        expirySeconds = granted;
      }
    } catch (MqttException failed) {
      throw problems.ofConnecting(failed);
    }
  }

  /**
   * Ends the wait for an answer to CONNECT or SUBSCRIBE; any thread may call. A connection that
   * delivers is left alone, so that it can end in order.
   */
  void giveUpBeforeDelivery() {
    if (!isDelivering) {
      cutLine();
    }
  }

  private synchronized @Nullable Line cutLine() {
    isGivenUp = true;
    if (line != null) {
      try {
        line.stop();
      } catch (IOException gone) {
        LOG.debug("The connection of {} had ended: {}", settings.name(), gone.getMessage());
      }
    }
    return line;
  }

  private MqttConnectionOptions options() throws ConnectionProblem {
    MqttConnectionOptions options = new MqttConnectionOptions();
    options.setCleanStart(false);
    options.setSessionExpiryInterval(settings.sessionExpiry().toSeconds());
    options.setAutomaticReconnect(false);
    options.setKeepAliveInterval(Math.toIntExact(settings.keepAlive().toSeconds()));
    if (!settings.user().isEmpty()) {
      options.setUserName(settings.user());
    }
    Secret password = settings.password();
    if (password != null) {
      options.setPassword(password.read().getBytes(StandardCharsets.UTF_8));
    }
    return options;
  }

  /**
   * Subscribes at QoS 1.
   *
   * @return why not, in words; empty if the broker granted it
   */
  String subscribe(TopicFilter filter) throws ConnectionProblem {
    MqttSubscription subscription = new MqttSubscription(filter.text(), 1);
    subscription.setRetainHandling(RETAINED_IF_NEW);
    IMqttToken token;
    int reason;
    try {
      token = client.subscribe(subscription);
      try {
        token.waitForCompletion(ANSWER_MILLIS);
        int[] reasons = token.getReasonCodes();
        reason = reasons == null || reasons.length == 0 ? 1 : reasons[0];
      } catch (MqttException refused) {
        reason = refused.getReasonCode();
        if (reason < Problems.FAILURE || reason > 0xFF) {
          throw refused;
        }
      }
    } catch (MqttException failed) {
      throw orLost(
          ConnectionProblem.of(
              settings.broker() + " did not answer a subscription; it is connected anew"));
    }
    if (reason >= Problems.FAILURE) {
      return "the broker refused topic "
          + filter
          + " (reason "
          + reason
          + "); give "
          + (settings.user().isEmpty() ? "this client" : "user \"" + settings.user() + "\"")
          + " the right to read it";
    }
    return reason == 0
        ? "the broker grants topic "
            + filter
            + " at QoS 0 only, so messages may be lost; have it allow QoS 1"
        : "";
  }

  /**
   * The next messages; none if nothing came for a moment. After a loss nothing is delivered any
   * more: the broker sends it again.
   */
  List<Incoming> next() throws ConnectionProblem, InterruptedException {
    isDelivering = true;
    Incoming first = inbox.poll(TICK_MILLIS, TimeUnit.MILLISECONDS);
    MqttDisconnectResponse gone = lost;
    if (gone != null) {
      throw problems.ofLoss(gone);
    }
    if (first == null) {
      return List.of();
    }
    List<Incoming> messages = new ArrayList<>();
    messages.add(first);
    inbox.drainTo(messages, BATCH - 1);
    messages.forEach(message -> room.release(kib(message)));
    return messages;
  }

  /** Acknowledges messages in the order they came (MQTT 5, 4.6). */
  void acknowledge(List<Incoming> messages) throws ConnectionProblem {
    try {
      for (Incoming message : messages) {
        client.messageArrivedComplete(message.id(), message.qos());
      }
    } catch (MqttException gone) {
      throw orLost(problems.lost());
    }
  }

  private ConnectionProblem orLost(ConnectionProblem otherwise) {
    MqttDisconnectResponse gone = lost;
    return gone == null ? otherwise : problems.ofLoss(gone);
  }

  private int kib(Incoming message) {
    return Math.min(most, message.payload().length >> KIB_BITS);
  }

  /** Bytes of the messages that wait to be stored, in whole KiB of each. Any thread may call. */
  long waitingBytes() {
    return (long) (most - room.availablePermits()) << KIB_BITS;
  }

  /** Messages that wait to be stored. Any thread may call. */
  int waiting() {
    return inbox.size();
  }

  /** How long the broker keeps the session; it may grant less than was asked for. */
  long expirySeconds() {
    return expirySeconds;
  }

  /** Ends the connection; the session and what was not acknowledged stay at the broker. */
  @Override
  public void close() {
    isClosed = true;
    inbox.clear();
    try {
      boolean polite = client.isConnected();
      if (polite) {
        client.disconnectForcibly(QUIESCE_MILLIS, DISCONNECT_MILLIS, true);
      }
      Line ended = cutLine();
      if (ended != null && !polite) {
        ended.awaitBegin();
        client.disconnectForcibly(0, 1, false);
      }
      client.close(true);
    } catch (MqttException gone) {
      LOG.debug("The client {} was closed already: {}", settings.clientId(), gone.getMessage());
    } finally {
      cutLine();
    }
  }

  @Override
  public void messageArrived(String topic, MqttMessage message) throws InterruptedException {
    Incoming incoming =
        new Incoming(topic, message.getPayload(), message.getId(), message.getQos(), time(message));
    // A full inbox holds the library back, and through TCP the broker.
    while (!isClosed && !room.tryAcquire(kib(incoming), TICK_MILLIS, TimeUnit.MILLISECONDS)) {
      LOG.debug("The inbox of {} has no room for {} KiB", settings.name(), kib(incoming));
    }
    while (!isClosed && !inbox.offer(incoming, TICK_MILLIS, TimeUnit.MILLISECONDS)) {
      LOG.debug("The inbox of {} is full", settings.name());
    }
  }

  private static @Nullable String time(MqttMessage message) {
    MqttProperties properties = message.getProperties();
    if (properties == null || properties.getUserProperties() == null) {
      return null;
    }
    return properties.getUserProperties().stream()
        .filter(each -> ImageMapper.TIME.equals(each.getKey()))
        .map(UserProperty::getValue)
        .findFirst()
        .orElse(null);
  }

  @Override
  public void disconnected(MqttDisconnectResponse response) {
    lost = response;
  }

  @Override
  public void mqttErrorOccurred(MqttException exception) {
    LOG.debug("The client {} reports {}", settings.clientId(), exception.getMessage());
  }

  @Override
  public void deliveryComplete(IMqttToken token) {}

  @Override
  public void connectComplete(boolean reconnect, String serverUri) {}

  @Override
  public void authPacketArrived(int reasonCode, MqttProperties properties) {}
}
