// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.broker.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.fedwerk.api.identity.Identity;
import org.fedwerk.identity.internal.Authority;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UserBrokerTest {
  private static final int NOT_AUTHORIZED = 135;
  private static final byte[] PAYLOAD = "a label".getBytes(StandardCharsets.UTF_8);

  @TempDir static Path folder;
  private static EmbeddedBroker broker;
  private static SSLContext tls;

  @BeforeAll
  static void start() throws Exception {
    Identity.TlsStores stores;
    try (Authority authority = Authority.loopback(folder.resolve("hq"), "plants", 0)) {
      stores = authority.identity().tls();
    }
    tls = Client.tls(stores, false);
    broker =
        EmbeddedBroker.forUsers(
            BrokerSettings.loopback("labels", folder.resolve("broker")),
            stores.keys(),
            stores.password(),
            Map.of(
                "plant1",
                BrokerSettings.User.of("secret one", "plant1/#"),
                "site1",
                BrokerSettings.User.of("secret two", "plant1/labels/#", "site1/#")));
  }

  @AfterAll
  static void stop() throws IOException {
    broker.close();
  }

  private static Client client(String id, String user, String password) throws MqttException {
    Client client = new Client(broker.port(), id, tls);
    client.options.setUserName(user);
    client.options.setPassword(password.getBytes(StandardCharsets.UTF_8));
    return client;
  }

  @Test
  void aUserReadsAndWritesItsTopicsAndNothingElse() throws Exception {
    try (Client plant = client("plant", "plant1", "secret one").connect();
        Client site = client("site", "site1", "secret two").connect()) {
      assertEquals(1, site.subscribe("plant1/labels/#"));
      assertEquals(NOT_AUTHORIZED, site.subscribe("plant1/#"));
      assertEquals(NOT_AUTHORIZED, plant.subscribe("site1/#"));
      assertEquals(NOT_AUTHORIZED, plant.publish("plant2/labels", PAYLOAD, false));
      assertEquals(0, plant.publish("plant1/labels/press", PAYLOAD, false));
      assertEquals("plant1/labels/press", site.next().topic());
    }
  }

  @Test
  void aWrongPasswordNoUserAndTheBuiltInClusterUserAreRefused() throws Exception {
    String[][] bad = {
      {"plant1", "secret two"},
      {"plant1", ""},
      {"nobody", "secret one"},
      {"ACTIVEMQ.CLUSTER.ADMIN.USER", "CHANGE ME!!"}
    };
    for (String[] pair : bad) {
      Client client = client("visitor", pair[0], pair[1]);
      assertThrows(MqttException.class, client::connect, pair[0]);
      client.close();
    }
    Client nobody = new Client(broker.port(), "visitor", tls);
    assertThrows(MqttException.class, nobody::connect);
    nobody.close();
    assertTrue(broker.counts().refusedAtDoor.sum() >= 4);
  }

  @Test
  void aSessionIsKeptNoLongerThanAllowedAndTheClientIsTold() throws Exception {
    try (Client client = client("longest", "site1", "secret two")) {
      client.options.setSessionExpiryInterval(0xFFFFFFFFL);
      IMqttToken token = client.mqtt.connect(client.options);
      token.waitForCompletion(Client.PATIENCE_MILLIS);
      assertEquals(
          Duration.ofDays(7).toSeconds(), token.getResponseProperties().getSessionExpiryInterval());
    }
  }

  @Test
  void whatIsNotMqttIsClosedAndCounted() throws Exception {
    long before = broker.counts().refusedPackets.sum();
    try (SSLSocket socket =
        (SSLSocket) tls.getSocketFactory().createSocket("127.0.0.1", broker.port())) {
      socket.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      assertEquals(-1, socket.getInputStream().read());
    }
    assertEquals(before + 1, broker.counts().refusedPackets.sum());
  }

  @Test
  void aConnectThatAnnouncesMuchIsClosedBeforeItIsRead() throws Exception {
    try (SSLSocket socket =
        (SSLSocket) tls.getSocketFactory().createSocket("127.0.0.1", broker.port())) {
      byte[] header = {0x10, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x7F, 0, 4, 'M', 'Q', 'T', 'T'};
      socket.getOutputStream().write(header);
      assertEquals(-1, socket.getInputStream().read());
    }
  }

  @Test
  void aWrongKeystorePasswordIsOneClearError() {
    BrokerSettings settings = BrokerSettings.loopback("wrong", folder.resolve("wrong"));
    IOException failed =
        assertThrows(
            IOException.class,
            () ->
                EmbeddedBroker.forUsers(
                    settings,
                    folder.resolve("hq/tls-keys.p12"),
                    "not it".toCharArray(),
                    Map.of("a", BrokerSettings.User.of("b", "c/#"))));
    assertTrue(failed.getMessage().contains("check the keystore"), failed.getMessage());
  }
}
