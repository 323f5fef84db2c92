// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.demo;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.eclipse.paho.mqttv5.common.packet.UserProperty;

/** A plant's station that publishes labels and pictures to a broker, at QoS 1 over TLS. */
final class Station implements AutoCloseable {
  private static final long PATIENCE_MILLIS = 40_000;

  private final MqttAsyncClient mqtt;

  /** Connects with a password and trusts the broker's certificate alone. */
  Station(int port, Path certificate, String user, String password) throws Exception {
    mqtt =
        new MqttAsyncClient(
            "ssl://127.0.0.1:" + port, "station-" + UUID.randomUUID(), new MemoryPersistence());
    MqttConnectionOptions options = new MqttConnectionOptions();
    options.setSocketFactory(trusting(certificate).getSocketFactory());
    options.setUserName(user);
    options.setPassword(password.getBytes(StandardCharsets.UTF_8));
    mqtt.connect(options).waitForCompletion(PATIENCE_MILLIS);
  }

  private static SSLContext trusting(Path certificate) throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    try (InputStream in = Files.newInputStream(certificate)) {
      trusted.setCertificateEntry(
          "broker", CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  void publish(String topic, byte[] payload) throws MqttException {
    mqtt.publish(topic, payload, 1, false).waitForCompletion(PATIENCE_MILLIS);
  }

  /** So, with the time of what is published as the user property {@code time}. */
  void publish(String topic, byte[] payload, Instant time) throws MqttException {
    MqttProperties properties = new MqttProperties();
    properties.setUserProperties(List.of(new UserProperty("time", time.toString())));
    mqtt.publish(topic, new MqttMessage(payload, 1, false, properties))
        .waitForCompletion(PATIENCE_MILLIS);
  }

  @Override
  public void close() throws MqttException {
    if (mqtt.isConnected()) {
      mqtt.disconnect().waitForCompletion(PATIENCE_MILLIS);
    }
    mqtt.close(true);
  }
}
