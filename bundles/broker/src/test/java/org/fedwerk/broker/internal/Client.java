// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.broker.internal;

import java.nio.file.Path;
import java.security.KeyStore;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttCallback;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.MqttDisconnectResponse;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.fedwerk.api.identity.Identity;

/** An MQTT 5 client over TLS that collects what it gets. */
final class Client implements AutoCloseable {
  static final long PATIENCE_MILLIS = 20_000;

  /** What came. */
  record Received(String topic, byte[] payload, boolean isRetained) {}

  final MqttAsyncClient mqtt;
  final BlockingQueue<Received> received = new LinkedBlockingQueue<>();
  final BlockingQueue<String> losses = new LinkedBlockingQueue<>();
  final MqttConnectionOptions options = new MqttConnectionOptions();

  Client(int port, String clientId, SSLContext tls) throws MqttException {
    mqtt = new MqttAsyncClient("ssl://127.0.0.1:" + port, clientId, new MemoryPersistence());
    options.setSocketFactory(tls.getSocketFactory());
    options.setCleanStart(false);
    options.setSessionExpiryInterval(3600L);
    options.setAutomaticReconnect(false);
    mqtt.setCallback(new Collector());
  }

  static Client of(int port, String clientId, Identity identity) throws Exception {
    return new Client(port, clientId, tls(identity.tls(), true));
  }

  static SSLContext tls(Identity.TlsStores stores, boolean hasKey) throws Exception {
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(load(stores.keys(), stores.password()), stores.password());
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(load(stores.trust(), stores.password()));
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(hasKey ? keys.getKeyManagers() : null, trust.getTrustManagers(), null);
    return context;
  }

  private static KeyStore load(Path file, char[] password) throws Exception {
    return KeyStore.getInstance(file.toFile(), password);
  }

  Client connect() throws MqttException {
    mqtt.connect(options).waitForCompletion(PATIENCE_MILLIS);
    return this;
  }

  /** The reason code of a subscription at QoS 1. */
  int subscribe(String filter) throws MqttException {
    return reason(mqtt.subscribe(filter, 1));
  }

  /** The reason code of a publication at QoS 1. */
  int publish(String topic, byte[] payload, boolean isRetained) throws MqttException {
    return reason(mqtt.publish(topic, payload, 1, isRetained));
  }

  private static int reason(IMqttToken token) throws MqttException {
    try {
      token.waitForCompletion(PATIENCE_MILLIS);
    } catch (MqttException refused) {
      if (refused.getReasonCode() < 0x80) {
        throw refused;
      }
    }
    int[] codes = token.getReasonCodes();
    return codes == null || codes.length == 0 ? -1 : codes[0];
  }

  Received next() throws InterruptedException {
    Received next = received.poll(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
    if (next == null) {
      throw new AssertionError("nothing came in " + PATIENCE_MILLIS + " ms");
    }
    return next;
  }

  @Override
  public void close() throws MqttException {
    if (mqtt.isConnected()) {
      mqtt.disconnect().waitForCompletion(PATIENCE_MILLIS);
    }
    mqtt.close(true);
  }

  private final class Collector implements MqttCallback {
    @Override
    public void messageArrived(String topic, MqttMessage message) {
      received.add(new Received(topic, message.getPayload(), message.isRetained()));
    }

    @Override
    public void disconnected(MqttDisconnectResponse response) {
      losses.add(String.valueOf(response));
    }

    @Override
    public void mqttErrorOccurred(MqttException exception) {
      losses.add(exception.toString());
    }

    @Override
    public void deliveryComplete(IMqttToken token) {}

    @Override
    public void connectComplete(boolean reconnect, String serverUri) {}

    @Override
    public void authPacketArrived(int reasonCode, MqttProperties properties) {}
  }
}
