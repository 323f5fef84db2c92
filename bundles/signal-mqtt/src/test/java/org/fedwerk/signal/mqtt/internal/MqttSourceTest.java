// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.signal.mqtt.internal;

import static org.fedwerk.signal.mqtt.internal.Plants.label;
import static org.fedwerk.signal.mqtt.internal.Plants.topic;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.fedwerk.api.data.DataRole;
import org.fedwerk.api.signal.LabelReport;
import org.fedwerk.api.signal.Sample;
import org.fedwerk.api.signal.SampleValue;
import org.fedwerk.api.signal.SignalReading;
import org.fedwerk.api.status.StatusLine;
import org.fedwerk.broker.internal.EmbeddedBroker;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MqttSourceTest {
  @TempDir static Path folder;
  private static ServerKeys keys;
  private static EmbeddedBroker broker;
  private static Publisher plant;

  private final CollectingSinks sinks = new CollectingSinks();

  @BeforeAll
  static void begin() throws Exception {
    keys = ServerKeys.make(folder, "labels");
    broker = Plants.broker(folder.resolve("broker"), 0, keys);
    plant = new Publisher(broker.port(), keys.pem(), "plant1", Plants.PLANT_PASSWORD);
  }

  @AfterAll
  static void end() throws Exception {
    plant.close();
    broker.close();
  }

  private static Map<String, Object> configuration(String name) {
    return Plants.keys(name, "ssl://127.0.0.1:" + broker.port(), keys.pem());
  }

  @Test
  void labelsArriveInTheSitesOwnWords() throws Exception {
    try (MqttSource source = Plants.start(configuration("mapped"), sinks)) {
      Plants.awaitReady(source);
      plant.publish(topic("mapped"), label("a1", "\"0\""));
      plant.publish(topic("mapped"), label("a2", "1"));
      plant.publish(topic("mapped"), label("a3", "2.0").replace("}", ",\"role\":\"test\"}"));
      sinks.await(() -> sinks.labels.size() == 3);

      Instant time = Instant.parse("2024-05-01T08:00:00Z");
      assertEquals(
          List.of(
              new LabelReport("a1", "condition", "ok", "mapped", time, null),
              new LabelReport("a2", "condition", "tool wear", "mapped", time, null)),
          sinks.labels.subList(0, 2));
      assertEquals("heat-loss", sinks.labels.get(2).value());
      assertEquals(List.of("ok", "tool wear", "heat-loss"), source.labels().get(0).classes());
    }
  }

  @Test
  void theOwnersRoleIsPassedOn() throws Exception {
    try (MqttSource source = Plants.start(configuration("roles"), sinks)) {
      Plants.awaitReady(source);
      String bare = label("r1", "0");
      for (String role : List.of("\"validation\"", "null", "\"training\"", "\"test\"")) {
        plant.publish(
            topic("roles"), bare.substring(0, bare.length() - 1) + ",\"role\":" + role + "}");
      }
      sinks.await(() -> sinks.labels.size() == 3);

      assertEquals(DataRole.VALIDATION, sinks.labels.get(0).role());
      assertEquals(null, sinks.labels.get(1).role());
      assertEquals(DataRole.TEST, sinks.labels.get(2).role());
      assertEquals(1, source.readings().get(0).refused());
    }
  }

  @Test
  void whatCannotBeUsedIsCountedAndBlocksNothing() throws Exception {
    try (MqttSource source = Plants.start(configuration("poison"), sinks)) {
      Plants.awaitReady(source);
      for (String bad : List.of("not json", "{}", "", "[1,", label("p1", "{}"), label("", "0"))) {
        plant.publish(topic("poison"), bad);
      }
      plant.publish(topic("poison"), label("p2", "17"));
      plant.publish(topic("poison"), label("p3", "0"));
      sinks.await(() -> !sinks.labels.isEmpty());

      assertEquals(List.of("p3"), sinks.serials());
      sinks.await(() -> sinks.unmapped.equals(List.of("poison condition p2")));
      SignalReading reading = source.readings().get(0);
      assertEquals(7, reading.refused());
      assertEquals("ok", reading.value());
      assertEquals("good", reading.quality());
      assertTrue(Plants.awaitReady(source).contains("7 messages refused"));
    }
    CollectingSinks later = new CollectingSinks();
    try (MqttSource source = Plants.start(configuration("poison"), later)) {
      Plants.awaitReady(source);
      plant.publish(topic("poison"), label("p4", "0"));
      later.await(() -> !later.labels.isEmpty());
      assertEquals(0, source.readings().get(0).refused(), "a refused message came twice");
    }
  }

  @Test
  void whatIsSentWhileTheClientIsAwayArrivesAfterIt() throws Exception {
    try (MqttSource source = Plants.start(configuration("away"), sinks)) {
      Plants.awaitReady(source);
    }
    plant.publishAll(
        topic("away"), IntStream.range(0, 200).mapToObj(k -> label("w" + k, "0")).toList());
    assertEquals(List.of(), sinks.serials());
    try (MqttSource source = Plants.start(configuration("away"), sinks)) {
      sinks.await(() -> sinks.labels.size() >= 200);
      Plants.awaitReady(source);
    }
    assertEquals(IntStream.range(0, 200).mapToObj(k -> "w" + k).toList(), sinks.serials());
  }

  @Test
  void whatCouldNotBeStoredIsNotAcknowledgedAndComesAgain() throws Exception {
    CompletableFuture<Void> space = new CompletableFuture<>();
    sinks.before(
        () -> {
          if (!space.isDone()) {
            throw new UncheckedIOException(new IOException("no space left"));
          }
        });
    try (MqttSource source = Plants.start(configuration("full"), sinks)) {
      Plants.awaitReady(source);
      plant.publish(topic("full"), label("f1", "0"));
      String detail = Plants.await(source, StatusLine.State.DOWN, "no space left");
      assertTrue(detail.contains("free the store"), detail);
      sinks.await(() -> sinks.refusals >= 2);
      plant.publish(topic("full"), label("f2", "1"));
      space.complete(null);
      sinks.await(() -> sinks.labels.size() >= 2);
      Plants.awaitReady(source);
    }
    assertEquals(List.of("f1", "f2"), sinks.serials());
    CollectingSinks later = new CollectingSinks();
    try (MqttSource source = Plants.start(configuration("full"), later)) {
      Plants.awaitReady(source);
      plant.publish(topic("full"), label("f3", "0"));
      later.await(() -> !later.labels.isEmpty());
      assertEquals(List.of("f3"), later.serials());
    }
  }

  @Test
  void signalsArriveWithUnitTimeAndThePartsSerial() throws Exception {
    Map<String, Object> configuration = configuration("signals");
    configuration.keySet().removeIf(key -> key.startsWith("label."));
    configuration.put("part", "serial");
    configuration.put("signal.serial", "plant1/machine/+ | /part | /t");
    configuration.put("signal.torque", "plant1/machine/+ | /values/0 | /t | Nm");
    try (MqttSource source = Plants.start(configuration, sinks)) {
      Plants.awaitReady(source);
      plant.publish("plant1/machine/m1", "{\"part\":17,\"values\":[40.5],\"t\":1700000000123}");
      plant.publish("plant1/machine/m1", "{\"part\":18,\"values\":[\"x\"],\"t\":1700000001123}");
      sinks.await(() -> sinks.samples.size() == 4);

      Instant first = Instant.ofEpochMilli(1_700_000_000_123L);
      assertEquals(
          List.of(
              new Sample("serial", new SampleValue.Text("17"), 0, first),
              new Sample("torque", new SampleValue.Number(40.5), 0, first),
              new Sample("serial", new SampleValue.Text("18"), 0, first.plusSeconds(1)),
              new Sample("torque", null, 0x80740000, first.plusSeconds(1))),
          sinks.samples);
      SignalReading torque = source.readings().get(1);
      assertEquals("Nm", torque.unit());
      assertEquals(1, torque.refused());
      assertEquals("wrong type: string at /values/0", torque.quality());
      assertTrue(source.signals().get(0).part());
      assertEquals("plant1/machine/+ /values/0", source.signals().get(1).address());
    }
  }

  @Test
  void aCutConnectionIsMadeAgainAndASourceOfSignalsTellsOfTheGap() throws Exception {
    try (PlainHop hop =
        new PlainHop(broker.port(), Publisher.trusting(keys.pem()).getSocketFactory())) {
      Map<String, Object> configuration = configuration("cut");
      configuration.put("broker", hop.url());
      configuration.put("allow.plain", "true");
      configuration.put("signal.torque", "plant1/machine/cut | /v | /t");
      try (MqttSource source = Plants.start(configuration, sinks)) {
        String detail = Plants.awaitReady(source);
        assertTrue(detail.contains("no security"), detail);
        plant.publish(topic("cut"), label("c1", "0"));
        sinks.await(() -> sinks.labels.size() == 1);
        assertEquals(0, sinks.interruptions);

        hop.cut();
        sinks.await(() -> sinks.interruptions == 1);
        plant.publish(topic("cut"), label("c2", "0"));
        sinks.await(() -> sinks.serials().contains("c2"));
        Plants.awaitReady(source);
      }
    }
  }

  @Test
  void aSourceOfLabelsAloneOutlivesARestartOfTheBroker() throws Exception {
    Path own = folder.resolve("restarted");
    EmbeddedBroker first = Plants.broker(own, 0, keys);
    int port = first.port();
    EmbeddedBroker second = null;
    try (MqttSource source =
        Plants.start(Plants.keys("again", "ssl://127.0.0.1:" + port, keys.pem()), sinks)) {
      Plants.awaitReady(source);
      first.close();
      Plants.await(source, StatusLine.State.DOWN, "127.0.0.1:" + port);
      second = Plants.broker(own, port, keys);
      Plants.awaitReady(source);
      try (Publisher publisher = new Publisher(port, keys.pem(), "plant1", Plants.PLANT_PASSWORD)) {
        publisher.publish(topic("again"), label("b1", "0"));
      }
      sinks.await(() -> sinks.serials().contains("b1"));
      assertEquals(0, sinks.interruptions);
    } finally {
      first.close();
      if (second != null) {
        second.close();
      }
    }
  }

  @Test
  void aWrongPasswordIsAStatusWithoutThePassword() throws Exception {
    Map<String, Object> configuration = configuration("wrong");
    configuration.put(".password", "guessed");
    try (MqttSource source = Plants.start(configuration, sinks)) {
      String detail =
          Plants.await(source, StatusLine.State.DOWN, "the broker refused user \"site1\"");
      assertFalse(detail.contains("guessed"));
    }
  }

  @Test
  void aBrokerThatTheCaDoesNotVouchForIsAStatus() throws Exception {
    ServerKeys other = ServerKeys.make(folder, "other");
    Map<String, Object> configuration = configuration("untrusted");
    configuration.put("ca", other.pem().toString());
    try (MqttSource source = Plants.start(configuration, sinks)) {
      Plants.await(source, StatusLine.State.DOWN, "is not trusted by ca " + other.pem());
    }
  }

  @Test
  void aBrokerUnderAnotherNameIsAStatus() throws Exception {
    Map<String, Object> configuration = configuration("name");
    configuration.put("broker", "ssl://localhost:" + broker.port());
    try (MqttSource source = Plants.start(configuration, sinks)) {
      Plants.await(source, StatusLine.State.DOWN, "does not name this host");
    }
  }

  @Test
  void aForbiddenTopicIsNamedAndTheOthersAreDelivered() throws Exception {
    Map<String, Object> configuration = configuration("forbidden");
    configuration.put("label.secret", "plant1/secret | /serial | /code | /time");
    configuration.put("label.secret.codes", "0=ok");
    try (MqttSource source = Plants.start(configuration, sinks)) {
      Plants.await(source, StatusLine.State.DEGRADED, "plant1/secret (reason 135)");
      plant.publish(topic("forbidden"), label("s1", "0"));
      sinks.await(() -> sinks.serials().contains("s1"));
    }
  }

  @Test
  void twoClientsOfOneIdAreToldApart() throws Exception {
    CollectingSinks others = new CollectingSinks();
    Map<String, Object> slow = configuration("twin");
    slow.put("backoff.min", "60000");
    slow.put("backoff.max", "60000");
    try (MqttSource first = Plants.start(slow, sinks)) {
      Plants.awaitReady(first);
      try (MqttSource second = Plants.start(configuration("twin"), others)) {
        Plants.awaitReady(second);
        Plants.await(
            first, StatusLine.State.DOWN, "took over the client id \"fedwerk-site1-twin\"");
      }
    }
  }

  @Test
  void stoppingWhileTheBrokerIsSilentLeavesNoConnectionBehind() throws Exception {
    try (SilentServer server = new SilentServer()) {
      Map<String, Object> configuration = configuration("silent");
      configuration.put("broker", "ssl://127.0.0.1:" + server.port());
      MqttSource source = Plants.start(configuration, sinks);
      server.awaitClient();
      source.close();
      assertTrue(server.ended().get(40, TimeUnit.SECONDS));
    }
  }

  @Test
  void aClientCertificateIsShownToABrokerThatWantsOne() throws Exception {
    ServerKeys own = ServerKeys.make(folder, "site");
    try (CertificateAsker server = new CertificateAsker(keys, own.pem())) {
      Map<String, Object> configuration = configuration("certificate");
      configuration.put("broker", "ssl://127.0.0.1:" + server.port());
      configuration.put("keystore", own.store().toString());
      configuration.put(".keystore.password", ServerKeys.PASSWORD);
      try (MqttSource source = Plants.start(configuration, sinks)) {
        assertEquals("CN=site", server.client().get(40, TimeUnit.SECONDS));
        Plants.await(source, StatusLine.State.DOWN, "");
      }
    }
  }

  @Test
  void filesThatCannotBeUsedAreNamed() throws Exception {
    Map<String, Object> noCa = configuration("no-ca");
    noCa.put("ca", folder.resolve("absent.pem").toString());
    try (MqttSource source = Plants.start(noCa, sinks)) {
      Plants.await(source, StatusLine.State.DOWN, "absent.pem cannot be read");
    }
    Map<String, Object> noStore = configuration("no-store");
    noStore.put("keystore", keys.store().toString());
    noStore.put(".keystore.password", "wrong");
    try (MqttSource source = Plants.start(noStore, sinks)) {
      Plants.await(source, StatusLine.State.DOWN, "cannot be opened");
    }
    Map<String, Object> noPassword = configuration("no-password");
    noPassword.remove(".password");
    noPassword.put("password.file", folder.resolve("absent").toString());
    try (MqttSource source = Plants.start(noPassword, sinks)) {
      Plants.await(source, StatusLine.State.DOWN, "password.file");
    }
  }

  @Test
  void imagesComeWholeAndManyThatDoNotFitIntoTheInboxWaitTheirTurn() throws Exception {
    Map<String, Object> keys = configuration("pictures");
    keys.put("image.camera", "plant1/machine/camera");
    keys.put("inbox.max-bytes", "1048576");
    try (MqttSource source = Plants.start(keys, sinks)) {
      Plants.awaitReady(source);
      byte[] picture = new byte[700_000];
      picture[0] = 1;
      for (int n = 0; n < 12; n++) {
        picture[1] = (byte) n;
        plant.publish(
            "plant1/machine/camera", picture, "time", "2024-05-01T10:00:" + (10 + n) + "Z");
      }
      sinks.await(() -> sinks.samples.size() == 12);
      for (int n = 0; n < 12; n++) {
        Sample sample = sinks.samples.get(n);
        SampleValue.Image image = (SampleValue.Image) sample.value();
        assertEquals(700_000, image.image().bytes().length);
        assertEquals(n, image.image().bytes()[1]);
        assertEquals(Instant.parse("2024-05-01T10:00:" + (10 + n) + "Z"), sample.sourceTime());
      }
      assertTrue(source.signals().get(0).image());
    }
  }
}
