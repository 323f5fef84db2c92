// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.link.internal;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttCallback;
import org.eclipse.paho.mqttv5.client.MqttClient;
import org.eclipse.paho.mqttv5.client.MqttClientException;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.MqttDisconnectResponse;
import org.eclipse.paho.mqttv5.client.MqttToken;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.fedwerk.api.link.LinkException;
import org.jspecify.annotations.Nullable;

/**
 * The MQTT client behind a Camel endpoint. A publish does not wait for the broker's answer but
 * tells it through {@link #published()}, refusals by reason code included, which Paho does not
 * report by itself. A lost connection is told to the link, which connects again; so is a message
 * that nobody can take yet, which then stays at the broker.
 */
final class BrokerClient extends MqttClient {
  private static final long ANSWER_MILLIS = 15_000;
  private static final long LOOK_AGAIN_MILLIS = 100;

  private final @Nullable String filter;
  private final Gate gate;
  private final Runnable lost;
  private final int mostInFlight;

  /** Of the connection that holds; what is still under way on an older one counts there. */
  private final AtomicInteger underWay = new AtomicInteger();

  private volatile Semaphore inFlight;
  private volatile @Nullable BrokerConnection connection;
  private boolean ended;
  private volatile MqttCallback callback = new Deaf();

  private CompletableFuture<Void> published = CompletableFuture.completedFuture(null);

  /** Says when messages can be taken. */
  interface Gate {
    /** Waits at most so long. @return true once a message can be taken */
    boolean await(long millis) throws InterruptedException;
  }

  /**
   * A client that is not connected yet.
   *
   * @param mostInFlight most publishes under way, fewer if the broker's Receive Maximum is smaller
   * @param filter topic filter it receives; null for one that only sends
   * @param gate passed before each message is taken
   * @param lost runs on a thread of the client when the connection is lost
   */
  BrokerClient(
      String url,
      String clientId,
      int mostInFlight,
      @Nullable String filter,
      Gate gate,
      Runnable lost)
      throws MqttException {
    super(url, clientId, new MemoryPersistence());
    this.mostInFlight = mostInFlight;
    this.inFlight = new Semaphore(mostInFlight);
    this.filter = filter;
    this.gate = gate;
    this.lost = lost;
    // A broker that takes the connection and then says nothing must not hold the link for ever.
    setTimeToWait(ANSWER_MILLIS);
  }

  /**
   * Connects, and subscribes if it receives. Not connected after a failure.
   *
   * @param options what all clients of a link share
   * @param sockets for its network
   * @return the broker's Maximum Packet Size; 0 if it named none
   * @throws LinkException if the broker does not permit the subscription
   */
  long open(MqttConnectionOptions options, TlsSockets sockets) throws MqttException, LinkException {
    cut();
    BrokerConnection next = new BrokerConnection(getServerURI(), getClientId(), sockets);
    next.setCallback(new Watch(next));
    aClient = next;
    synchronized (this) {
      if (ended) {
        throw new LinkException("the link is closed");
      }
      connection = next;
    }
    // A receiver's session holds what comes while it is away. A sender's would send again what was
    // told as failed before.
    options.setCleanStart(filter == null);
    boolean done = false;
    try {
      IMqttToken token = connectWithResult(options);
      if (filter != null) {
        for (int reason : super.subscribe(filter, 1).getReasonCodes()) {
          if (Answer.isRefusal(reason)) {
            throw new LinkException(Answer.refusal("read", filter, reason));
          }
        }
      }
      MqttProperties properties = token.getResponseProperties();
      Long most = properties == null ? null : properties.getMaximumPacketSize();
      Integer taken = properties == null ? null : properties.getReceiveMaximum();
      // Paho throws at one publish more than the broker takes, so this waits before.
      inFlight = new Semaphore(taken == null ? mostInFlight : Math.min(mostInFlight, taken));
      done = true;
      return most == null ? 0 : most;
    } finally {
      if (!done) {
        cut();
      }
    }
  }

  /** Ends the connection or the attempt to connect, whatever state it is in. */
  void cut() {
    BrokerConnection old = connection;
    connection = null;
    if (old != null) {
      old.end();
    }
  }

  /** Ends the connection, and none can be made any more. */
  void end() {
    synchronized (this) {
      ended = true;
    }
    cut();
  }

  @Override
  public boolean isConnected() {
    BrokerConnection now = connection;
    return now != null && now.isConnected();
  }

  /**
   * The endpoint subscribes the topic that names its route; what is wanted is subscribed by {@link
   * #open}.
   */
  @Override
  public IMqttToken subscribe(String topic, int qos) {
    return new MqttToken(getClientId());
  }

  @Override
  public void publish(String topic, MqttMessage message) throws MqttException {
    CompletableFuture<Void> answer = new CompletableFuture<>();
    published = answer;
    Semaphore room = inFlight;
    try {
      room.acquire();
      underWay.incrementAndGet();
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      answer.completeExceptionally(new LinkException("the link is closed"));
      return;
    }
    answer.whenComplete(
        (done, failed) -> {
          underWay.decrementAndGet();
          room.release();
        });
    try {
      BrokerConnection now = connection;
      if (now == null) {
        throw new MqttException(MqttClientException.REASON_CODE_CLIENT_NOT_CONNECTED);
      }
      now.publish(topic, message, null, new Answer(topic, answer));
    } catch (MqttException notTaken) {
      answer.completeExceptionally(new LinkException("not sent: " + notTaken.getMessage()));
      throw notTaken;
    }
  }

  /** Messages that the broker has not acknowledged yet. */
  int inFlight() {
    return underWay.get();
  }

  /** Messages that came and are not acknowledged. */
  int unacknowledged() {
    BrokerConnection now = connection;
    return now == null ? 0 : now.unacknowledged();
  }

  /** The answer to the newest publish; for the publishing thread. */
  CompletableFuture<Void> published() {
    return published;
  }

  /** Of the route; holds for this connection and for those to come. */
  @Override
  public void setCallback(MqttCallback next) {
    callback = next;
  }

  private final class Watch implements MqttCallback {
    private final BrokerConnection watched;

    Watch(BrokerConnection watched) {
      this.watched = watched;
    }

    @Override
    public void disconnected(MqttDisconnectResponse response) {
      if (watched == connection) {
        callback.disconnected(response);
        lost.run();
      }
    }

    @Override
    public void mqttErrorOccurred(MqttException exception) {
      callback.mqttErrorOccurred(exception);
    }

    /** An exception closes the connection, so that the message is not acknowledged. */
    @Override
    public void messageArrived(String topic, MqttMessage message) throws Exception {
      while (!gate.await(LOOK_AGAIN_MILLIS)) {
        if (!watched.isConnected()) {
          throw new IllegalStateException("the connection went while a message waited");
        }
      }
      callback.messageArrived(topic, message);
    }

    @Override
    public void deliveryComplete(IMqttToken token) {
      callback.deliveryComplete(token);
    }

    @Override
    public void connectComplete(boolean reconnect, String serverUri) {
      // The link subscribes again by itself; a subscription from within this callback would block
      // the client.
    }

    @Override
    public void authPacketArrived(int reasonCode, MqttProperties properties) {
      callback.authPacketArrived(reasonCode, properties);
    }
  }

  /**
   * Stands in until a Camel consumer sets its own callback; refuses messages, so that they are not
   * acknowledged.
   */
  private static final class Deaf implements MqttCallback {
    @Override
    public void disconnected(MqttDisconnectResponse response) {}

    @Override
    public void mqttErrorOccurred(MqttException exception) {}

    @Override
    public void messageArrived(String topic, MqttMessage message) {
      throw new IllegalStateException("no route takes messages yet");
    }

    @Override
    public void deliveryComplete(IMqttToken token) {}

    @Override
    public void connectComplete(boolean reconnect, String serverUri) {}

    @Override
    public void authPacketArrived(int reasonCode, MqttProperties properties) {}
  }
}
