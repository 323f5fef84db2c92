// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.signal.mqtt.internal;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.eclipse.paho.mqttv5.common.packet.UserProperty;

/** The plant's end: publishes at QoS 1 and waits for the broker's acknowledgement. */
final class Publisher implements AutoCloseable {
  private static final long PATIENCE_MILLIS = 40_000;

  private final MqttAsyncClient client;

  Publisher(int port, Path pem, String user, String password) throws Exception {
    MqttConnectionOptions options = new MqttConnectionOptions();
    options.setSocketFactory(trusting(pem).getSocketFactory());
    options.setUserName(user);
    options.setPassword(password.getBytes(StandardCharsets.UTF_8));
    client =
        new MqttAsyncClient(
            "ssl://127.0.0.1:" + port, "plant-" + UUID.randomUUID(), new MemoryPersistence());
    client.connect(options).waitForCompletion(PATIENCE_MILLIS);
  }

  static SSLContext trusting(Path pem) throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    try (var in = Files.newInputStream(pem)) {
      trusted.setCertificateEntry(
          "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  void publish(String topic, String json) throws Exception {
    client
        .publish(topic, json.getBytes(StandardCharsets.UTF_8), 1, false)
        .waitForCompletion(PATIENCE_MILLIS);
  }

  /** Publishes bytes with a user property. */
  void publish(String topic, byte[] payload, String property, String value) throws Exception {
    MqttMessage message = new MqttMessage(payload, 1, false, new MqttProperties());
    message.getProperties().setUserProperties(List.of(new UserProperty(property, value)));
    client.publish(topic, message).waitForCompletion(PATIENCE_MILLIS);
  }

  /** Publishes one after the other and waits for all of them at the end. */
  void publishAll(String topic, List<String> all) throws Exception {
    List<IMqttToken> sent = new ArrayList<>();
    for (String json : all) {
      sent.add(client.publish(topic, json.getBytes(StandardCharsets.UTF_8), 1, false));
    }
    for (IMqttToken each : sent) {
      each.waitForCompletion(PATIENCE_MILLIS);
    }
  }

  @Override
  public void close() throws Exception {
    if (client.isConnected()) {
      client.disconnect().waitForCompletion(PATIENCE_MILLIS);
    }
    client.close(true);
  }
}
