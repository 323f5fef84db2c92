// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.broker.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.fedwerk.api.identity.Identity;
import org.fedwerk.api.status.StatusLine;
import org.fedwerk.identity.internal.Authority;
import org.fedwerk.identity.internal.SiteIdentity;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FederationBrokerTest {
  private static final int NOT_AUTHORIZED = 135;
  private static final byte[] PAYLOAD = "a message".getBytes(StandardCharsets.UTF_8);

  @TempDir static Path folder;
  private static Authority authority;
  private static EmbeddedBroker broker;
  private static Identity press1;
  private static Identity press2;

  @BeforeAll
  static void start() throws Exception {
    authority = Authority.loopback(folder.resolve("hq"), "plants", 0);
    press1 = enrol("press1");
    press2 = enrol("press2");
    broker =
        EmbeddedBroker.forFederation(
            BrokerSettings.loopback("main", folder.resolve("broker")), authority.identity());
  }

  @AfterAll
  static void stop() throws Exception {
    broker.close();
    authority.close();
  }

  private static Identity enrol(String site) throws Exception {
    return SiteIdentity.enrol(
        folder.resolve(site), authority.issueToken(site, Duration.ofHours(1)));
  }

  private static Client coordinator(String suffix) throws Exception {
    return Client.of(broker.port(), "coordinator" + suffix, authority.identity());
  }

  private static Client site(Identity site, String suffix) throws Exception {
    return Client.of(broker.port(), site.self().id() + suffix, site);
  }

  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(Client.PATIENCE_MILLIS);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, "it did not come about");
      Thread.onSpinWait();
    }
  }

  @Test
  void aSiteReadsAllAndItsOwnBranchAndNothingElse() throws Exception {
    try (Client client = site(press1, ".reads").connect()) {
      assertEquals(1, client.subscribe("fedwerk/plants/all/#"));
      assertEquals(1, client.subscribe("fedwerk/plants/to/press1/#"));
      assertEquals(1, client.subscribe("fedwerk/plants/to/press1/receipt/+"));
      for (String forbidden :
          new String[] {
            "#",
            "fedwerk/#",
            "fedwerk/plants/#",
            "fedwerk/+/all/#",
            "fedwerk/plants/to/#",
            "fedwerk/plants/to/+/#",
            "fedwerk/plants/to/press2/#",
            "fedwerk/plants/from/press1/#",
            "fedwerk/others/all/#",
            "$share/group/fedwerk/plants/to/press2/#",
            "$SYS/#",
            "activemq/management"
          }) {
        assertEquals(NOT_AUTHORIZED, client.subscribe(forbidden), forbidden);
      }
    }
  }

  @Test
  void aSiteWritesItsOwnBranchAndNothingElse() throws Exception {
    try (Client hq = coordinator(".hears").connect();
        Client client = site(press1, ".writes").connect()) {
      assertEquals(1, hq.subscribe("fedwerk/plants/from/#"));
      for (String forbidden :
          new String[] {
            "fedwerk/plants/all/plan/abc",
            "fedwerk/plants/to/press2/plan/abc",
            "fedwerk/plants/to/press1/plan/abc",
            "fedwerk/plants/from/press2/manifest/abc",
            "fedwerk/plants/from/press1.x/manifest",
            "fedwerk/plants/from/press11/manifest/abc",
            "fedwerk.plants.from.press1.manifest",
            "fedwerk/others/from/press1/manifest/abc",
            "activemq.management"
          }) {
        assertEquals(NOT_AUTHORIZED, client.publish(forbidden, PAYLOAD, false), forbidden);
      }
      assertEquals(0, client.publish("fedwerk/plants/from/press1/manifest/abc", PAYLOAD, false));
      Client.Received only = hq.next();
      assertEquals("fedwerk/plants/from/press1/manifest/abc", only.topic());
      assertTrue(hq.received.isEmpty());
    }
  }

  @Test
  void theCoordinatorWritesAllAndToAndReadsFromOnly() throws Exception {
    try (Client hq = coordinator(".rights").connect()) {
      assertEquals(NOT_AUTHORIZED, hq.subscribe("fedwerk/plants/to/#"));
      assertEquals(
          NOT_AUTHORIZED, hq.publish("fedwerk/plants/from/press1/manifest/abc", PAYLOAD, false));
      assertTrue(hq.publish("fedwerk/plants/to/press2/receipt/none", PAYLOAD, false) < 0x80);
    }
  }

  @Test
  void aRetainedPlanReachesALateSubscriberAndIsReplaced() throws Exception {
    try (Client hq = coordinator(".plan").connect();
        Client late = site(press1, ".late").connect()) {
      String topic = "fedwerk/plants/all/plan/late";
      hq.publish(topic, "first".getBytes(StandardCharsets.UTF_8), true);
      hq.publish(topic, "second".getBytes(StandardCharsets.UTF_8), true);
      assertEquals(1, late.subscribe("fedwerk/plants/all/plan/late"));
      Client.Received plan = late.next();
      assertEquals("second", new String(plan.payload(), StandardCharsets.UTF_8));
      assertTrue(plan.isRetained());
      hq.publish(topic, new byte[0], true);
    }
  }

  @Test
  void aMessageToAnOfflineSessionComesLater() throws Exception {
    try (Client once = site(press2, ".offline").connect()) {
      assertEquals(1, once.subscribe("fedwerk/plants/to/press2/#"));
    }
    byte[] payload = new byte[96 * 1024];
    Arrays.fill(payload, (byte) 7);
    try (Client hq = coordinator(".offline").connect()) {
      assertEquals(0, hq.publish("fedwerk/plants/to/press2/chunk/abc", payload, false));
    }
    try (Client again = site(press2, ".offline").connect()) {
      assertArrayEquals(payload, again.next().payload());
    }
  }

  @Test
  void noCertificateAndAForeignOneAreRefusedByTlsAndCounted() throws Exception {
    long before = broker.counts().refusedByTls.sum();
    Client bare = new Client(broker.port(), "press1", Client.tls(press1.tls(), false));
    assertThrows(MqttException.class, bare::connect);
    bare.close();
    await(() -> broker.counts().refusedByTls.sum() == before + 1);

    try (Authority other = Authority.loopback(folder.resolve("foreign"), "plants", 0)) {
      Identity foreign =
          SiteIdentity.enrol(
              folder.resolve("foreign-press1"), other.issueToken("press1", Duration.ofHours(1)));
      // It believes any server, so that it is the server that refuses.
      Client client = new Client(broker.port(), "press1", Trusting.tls(foreign.tls()));
      assertThrows(MqttException.class, client::connect);
      client.close();
    }
    await(() -> broker.counts().refusedByTls.sum() == before + 2);
    assertTrue(broker.status().get(0).detail().contains("by TLS"));
  }

  @Test
  void theClientIdOfAnotherIsRefusedAndTheOtherStaysConnected() throws Exception {
    try (Client owner = site(press2, "").connect()) {
      for (String stolen :
          new String[] {
            "press2", "press2.to", "coordinator", "coordinator.from", "press11", "x", ""
          }) {
        Client thief = Client.of(broker.port(), stolen, press1);
        assertThrows(MqttException.class, thief::connect, stolen);
        thief.close();
      }
      assertTrue(owner.mqtt.isConnected());
      assertEquals(1, owner.subscribe("fedwerk/plants/to/press2/#"));
      assertTrue(owner.losses.isEmpty());
    }
  }

  @Test
  void aRevokedSiteIsThrownOutAndDoesNotComeInAgain() throws Exception {
    Identity press3 = enrol("press3");
    try (Client client = site(press3, "").connect()) {
      assertEquals(1, client.subscribe("fedwerk/plants/all/#"));
      authority.revoke("press3");
      assertNotNull(
          client.losses.poll(Client.PATIENCE_MILLIS, TimeUnit.MILLISECONDS), "still connected");
      assertFalse(client.mqtt.isConnected());
    }
    Client again = site(press3, "");
    assertThrows(MqttException.class, again::connect);
    again.close();
  }

  @Test
  void bytesAreCountedAtLeastAsLargeAsWhatPassed() throws Exception {
    byte[] payload = new byte[50_000];
    try (Client hq = coordinator(".bytes").connect();
        Client client = site(press1, ".bytes").connect()) {
      hq.subscribe("fedwerk/plants/from/press1/bytes/#");
      long in = broker.bytesIn();
      long out = broker.bytesOut();
      client.publish("fedwerk/plants/from/press1/bytes/none", payload, false);
      assertEquals(payload.length, hq.next().payload().length);
      assertTrue(broker.bytesIn() - in >= payload.length);
      assertTrue(broker.bytesIn() - in < payload.length + 10_000, "counted more than once");
      assertTrue(broker.bytesOut() - out >= payload.length);
      assertTrue(broker.clients() >= 2);
    }
  }

  @Test
  void aPacketAboveTheLimitClosesTheConnection() throws Exception {
    try (Client client = site(press1, ".large").connect()) {
      IMqttToken token =
          client.mqtt.publish(
              "fedwerk/plants/from/press1/chunk/abc", new byte[4 * 1024 * 1024], 1, false);
      assertThrows(MqttException.class, () -> token.waitForCompletion(Client.PATIENCE_MILLIS));
    }
  }

  @Test
  void aTopicThatNamesAQueueClosesTheConnection() throws Exception {
    try (Client client = site(press1, ".queue").connect()) {
      client.mqtt.publish("fedwerk/plants/from/press1/x::y", PAYLOAD, 1, false);
      assertNotNull(client.losses.poll(Client.PATIENCE_MILLIS, TimeUnit.MILLISECONDS));
    }
  }

  @Test
  void aTakenPortIsOneClearErrorAndLeavesNothingBehind() throws Exception {
    BrokerSettings free = BrokerSettings.loopback("second", folder.resolve("second"));
    BrokerSettings taken =
        new BrokerSettings(
            free.name(),
            free.host(),
            broker.port(),
            free.packetMax(),
            free.clientsMax(),
            free.folder(),
            free.journalFileBytes(),
            free.sessionExpiryMax(),
            free.queueMaxBytes(),
            free.whenFull(),
            free.diskMaxPercent());
    IOException failed =
        assertThrows(
            IOException.class, () -> EmbeddedBroker.forFederation(taken, authority.identity()));
    assertTrue(failed.getMessage().contains("org.fedwerk.broker-second could not start on"));

    EmbeddedBroker second = EmbeddedBroker.forFederation(free, authority.identity());
    assertEquals(StatusLine.State.READY, second.status().get(0).state());
    second.close();
    assertEquals(StatusLine.State.DOWN, second.status().get(0).state());
  }
}
