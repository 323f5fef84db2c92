// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.link.internal;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttActionListener;
import org.eclipse.paho.mqttv5.client.MqttCallback;
import org.eclipse.paho.mqttv5.client.MqttClient;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.MqttDisconnectResponse;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.fedwerk.api.link.LinkException;
import org.jspecify.annotations.Nullable;

/**
 * The MQTT client behind a Camel endpoint. A publish does not wait for the broker's answer but
 * tells it through {@link #published()}, refusals by reason code included, which Paho does not
 * report by itself. A lost connection is told to the link, which connects again.
 */
final class BrokerClient extends MqttClient {
  private static final int MOST_IN_FLIGHT = 32;
  private static final int REFUSED_FROM = 0x80;
  private static final int NOT_AUTHORIZED = 135;

  private final @Nullable String filter;
  private final Runnable lost;
  private final Semaphore inFlight = new Semaphore(MOST_IN_FLIGHT);
  private CompletableFuture<Void> published = CompletableFuture.completedFuture(null);

  /**
   * A client that is not connected yet.
   *
   * @param filter topic filter it receives; null for one that only sends
   * @param lost runs on a thread of the client when the connection is lost
   */
  BrokerClient(String url, String clientId, @Nullable String filter, Runnable lost)
      throws MqttException {
    super(url, clientId, new MemoryPersistence());
    this.filter = filter;
    this.lost = lost;
    setCallback(new Deaf());
  }

  /**
   * Connects, and subscribes if it receives.
   *
   * @return the broker's Maximum Packet Size; 0 if it named none
   */
  long open(MqttConnectionOptions options) throws MqttException {
    IMqttToken token = connectWithResult(options);
    if (filter != null) {
      for (int reason : subscribe(filter, 1).getReasonCodes()) {
        if (reason >= REFUSED_FROM) {
          disconnect();
          throw new MqttException(reason);
        }
      }
    }
    MqttProperties properties = token.getResponseProperties();
    Long most = properties == null ? null : properties.getMaximumPacketSize();
    return most == null ? 0 : most;
  }

  @Override
  public void publish(String topic, MqttMessage message) throws MqttException {
    CompletableFuture<Void> answer = new CompletableFuture<>();
    published = answer;
    inFlight.acquireUninterruptibly();
    answer.whenComplete((done, failed) -> inFlight.release());
    try {
      aClient.publish(topic, message, null, new Answer(topic, answer));
    } catch (MqttException notTaken) {
      answer.completeExceptionally(new LinkException("not sent: " + notTaken.getMessage()));
      throw notTaken;
    }
  }

  /** The answer to the newest publish; for the publishing thread. */
  CompletableFuture<Void> published() {
    return published;
  }

  @Override
  public void setCallback(MqttCallback callback) {
    super.setCallback(new Watch(callback));
  }

  private record Answer(String topic, CompletableFuture<Void> answer)
      implements MqttActionListener {
    @Override
    public void onSuccess(IMqttToken token) {
      int[] reasons = token.getReasonCodes();
      int reason = reasons == null || reasons.length == 0 ? 0 : reasons[0];
      if (reason >= REFUSED_FROM) {
        answer.completeExceptionally(
            new LinkException(
                reason == NOT_AUTHORIZED
                    ? "the broker does not permit this process to write " + topic
                    : "the broker refused a message on " + topic + " with MQTT reason " + reason));
      } else {
        answer.complete(null);
      }
    }

    @Override
    public void onFailure(IMqttToken token, Throwable failed) {
      answer.completeExceptionally(
          new LinkException(
              "the connection was lost before the broker took a message on " + topic));
    }
  }

  private final class Watch implements MqttCallback {
    private final MqttCallback next;

    Watch(MqttCallback next) {
      this.next = next;
    }

    @Override
    public void disconnected(MqttDisconnectResponse response) {
      next.disconnected(response);
      lost.run();
    }

    @Override
    public void mqttErrorOccurred(MqttException exception) {
      next.mqttErrorOccurred(exception);
    }

    @Override
    public void messageArrived(String topic, MqttMessage message) throws Exception {
      next.messageArrived(topic, message);
    }

    @Override
    public void deliveryComplete(IMqttToken token) {
      next.deliveryComplete(token);
    }

    @Override
    public void connectComplete(boolean reconnect, String serverUri) {
      // The link subscribes again by itself; a subscription from within this callback would block
      // the client.
    }

    @Override
    public void authPacketArrived(int reasonCode, MqttProperties properties) {
      next.authPacketArrived(reasonCode, properties);
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
