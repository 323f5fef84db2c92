// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.plant.internal.mqtt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.server.JournalType;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttCallback;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.MqttDisconnectResponse;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.fedwerk.api.data.DataRole;
import org.fedwerk.plant.internal.Login;
import org.fedwerk.plant.internal.opcua.ApplicationKey;
import org.fedwerk.plant.internal.opcua.PlantClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabelPublisherTest {
  private static final String TOPIC = "press-1/quality/machine-failure";
  private static final Instant TIME = Instant.parse("2026-01-01T00:00:08Z");

  @TempDir Path folder;
  private Path ca;
  private BrokerSettings settings;
  private EmbeddedActiveMQ broker;
  private MqttAsyncClient site;
  private final List<String> received = new CopyOnWriteArrayList<>();

  @BeforeEach
  void aBrokerHasACertificate() throws Exception {
    ApplicationKey key = ApplicationKey.in(folder, "urn:test:broker", "127.0.0.1");
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry(
        "broker",
        key.keys().getPrivate(),
        "store-password".toCharArray(),
        new Certificate[] {key.certificate()});
    try (OutputStream out = Files.newOutputStream(folder.resolve("broker.p12"))) {
      store.store(out, "store-password".toCharArray());
    }
    ca = folder.resolve("ca.pem");
    Files.writeString(
        ca,
        "-----BEGIN CERTIFICATE-----\n"
            + Base64.getMimeEncoder().encodeToString(key.certificate().getEncoded())
            + "\n-----END CERTIFICATE-----\n");
    settings =
        new BrokerSettings("127.0.0.1", freePort(), ca, new Login("plant", "a password"), 500);
  }

  @AfterEach
  void stopAll() throws Exception {
    if (site != null) {
      site.disconnectForcibly(100, 500, true);
      site.close(true);
    }
    if (broker != null) {
      broker.stop();
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      return socket.getLocalPort();
    }
  }

  private void startBroker() throws Exception {
    broker =
        new EmbeddedActiveMQ()
            .setConfiguration(
                new ConfigurationImpl()
                    .setPersistenceEnabled(true)
                    .setJournalType(JournalType.NIO)
                    .setJournalDirectory(folder.resolve("journal").toString())
                    .setBindingsDirectory(folder.resolve("bindings").toString())
                    .setPagingDirectory(folder.resolve("paging").toString())
                    .setLargeMessagesDirectory(folder.resolve("large").toString())
                    .setSecurityEnabled(false)
                    .setJMXManagementEnabled(false)
                    .addAcceptorConfiguration(
                        "mqtt",
                        "tcp://127.0.0.1:"
                            + settings.port()
                            + "?protocols=MQTT;useEpoll=false;sslEnabled=true;keyStoreType=PKCS12;"
                            + "keyStorePassword=store-password;keyStorePath="
                            + folder.resolve("broker.p12")));
    broker.start();
  }

  /** A site with a session that outlives connections and the broker. */
  private void connectSite() throws Exception {
    site = new MqttAsyncClient(settings.address(), "site", new MemoryPersistence());
    site.setCallback(new Receiver(received));
    MqttConnectionOptions options = new MqttConnectionOptions();
    options.setSocketFactory(BrokerSockets.trusting(ca));
    options.setCleanStart(false);
    options.setSessionExpiryInterval(3600L);
    site.connect(options).waitForCompletion(10_000);
    site.subscribe(TOPIC, 1).waitForCompletion(10_000);
  }

  private void stopSiteAndBroker() throws Exception {
    site.disconnectForcibly(100, 500, true);
    site.close(true);
    site = null;
    broker.stop();
  }

  @Test
  void labelsWaitForTheBrokerAndThenEachArrives() throws Exception {
    startBroker();
    connectSite();
    stopSiteAndBroker();
    try (LabelPublisher labels = new LabelPublisher("press-1", "machine-failure", settings)) {
      labels.start();
      labels.send("L1", "0", TIME, Optional.empty());
      labels.send("a \"quoted\" part", "1", TIME, Optional.of(DataRole.VALIDATION));
      for (int n = 3; n <= 200; n++) {
        labels.send("L" + n, "0", TIME, Optional.empty());
      }
      PlantClient.await("a try without a broker", () -> labels.state().startsWith("cannot send"));
      assertEquals(0, labels.acknowledged());
      startBroker();
      connectSite();
      PlantClient.await("all labels", () -> received.size() == 200);
      PlantClient.await("all acknowledged", () -> labels.acknowledged() == 200);
      assertEquals(200, labels.sent());
      assertEquals("connected", labels.state());
    }
    Set<String> distinct = Set.copyOf(received);
    assertEquals(200, distinct.size());
    assertTrue(
        distinct.contains("{\"serial\":\"L1\",\"code\":\"0\",\"time\":\"2026-01-01T00:00:08Z\"}"));
    assertTrue(
        distinct.contains(
            "{\"serial\":\"a \\\"quoted\\\" part\",\"code\":\"1\","
                + "\"time\":\"2026-01-01T00:00:08Z\",\"role\":\"validation\"}"));
  }

  @Test
  void whenTheBrokerRestartsThePublisherConnectsAgain() throws Exception {
    startBroker();
    connectSite();
    try (LabelPublisher labels = new LabelPublisher("press-1", "machine-failure", settings)) {
      labels.start();
      labels.send("L1", "0", TIME, Optional.empty());
      PlantClient.await("the first label", () -> labels.acknowledged() == 1);
      stopSiteAndBroker();
      labels.send("L2", "1", TIME, Optional.empty());
      PlantClient.await("a lost broker", () -> labels.state().startsWith("cannot send"));
      startBroker();
      connectSite();
      PlantClient.await("the second label", () -> labels.acknowledged() == 2);
      PlantClient.await("its arrival", () -> received.stream().anyMatch(l -> l.contains("L2")));
    }
  }

  private record Receiver(List<String> received) implements MqttCallback {
    @Override
    public void messageArrived(String topic, MqttMessage message) {
      received.add(new String(message.getPayload(), StandardCharsets.UTF_8));
    }

    @Override
    public void disconnected(MqttDisconnectResponse response) {}

    @Override
    public void mqttErrorOccurred(MqttException exception) {}

    @Override
    public void deliveryComplete(IMqttToken token) {}

    @Override
    public void connectComplete(boolean reconnect, String serverUri) {}

    @Override
    public void authPacketArrived(int reasonCode, MqttProperties properties) {}
  }
}
