// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.predict.opcua.internal;

import static org.fedwerk.predict.opcua.internal.ServerFixture.LOGIN;
import static org.fedwerk.predict.opcua.internal.ServerFixture.START;
import static org.fedwerk.predict.opcua.internal.ServerFixture.await;
import static org.fedwerk.predict.opcua.internal.ServerFixture.prediction;
import static org.fedwerk.predict.opcua.internal.ServerFixture.server;
import static org.fedwerk.predict.opcua.internal.ServerFixture.settings;
import static org.fedwerk.predict.opcua.internal.ServerFixture.started;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.eclipse.milo.opcua.sdk.client.subscriptions.OpcUaMonitoredItem;
import org.eclipse.milo.opcua.sdk.client.subscriptions.OpcUaSubscription;
import org.eclipse.milo.opcua.stack.core.AttributeId;
import org.eclipse.milo.opcua.stack.core.StatusCodes;
import org.eclipse.milo.opcua.stack.core.types.builtin.DataValue;
import org.eclipse.milo.opcua.stack.core.types.builtin.DateTime;
import org.eclipse.milo.opcua.stack.core.types.builtin.StatusCode;
import org.eclipse.milo.opcua.stack.core.types.builtin.Variant;
import org.eclipse.milo.opcua.stack.core.types.structured.ReadValueId;
import org.fedwerk.api.predict.DeploymentState;
import org.fedwerk.api.predict.LearningState;
import org.fedwerk.api.predict.Prediction;
import org.fedwerk.api.predict.Prediction.Trust;
import org.fedwerk.api.status.StatusLine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PredictionServerTest {
  private static final List<String> OF_A_PREDICTION =
      List.of(
          "Serial",
          "Prediction",
          "Probability",
          "Threshold",
          "Value",
          "Alarm",
          "ModelVersion",
          "Digest",
          "LocalRevision",
          "Sequence",
          "State",
          "Result");

  @TempDir Path folder;
  private PredictionServer server;

  @BeforeEach
  void start() {
    server = started(settings(folder.resolve("server"), 0, true));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private ScadaClient client() throws Exception {
    return ScadaClient.connect(
        server.endpoint(), folder.resolve("client"), LOGIN.user(), LOGIN.password());
  }

  private static List<String> nodes() {
    return OF_A_PREDICTION.stream().map(name -> "Models.mill." + name).toList();
  }

  @Test
  void aQueueOfOneHundredMissesNoneOfOneHundredPredictionsThatComeAtOnce() throws Exception {
    server.state("mill", DeploymentState.ACTIVE, LearningState.IDLE, "");
    try (ScadaClient client = client()) {
      List<String> nodes = nodes().stream().filter(n -> !n.endsWith(".State")).toList();
      ScadaClient.Listening listening = client.listen(nodes, 100, 1000, 100);

      IntStream.rangeClosed(1, 100).forEach(n -> server.publish(prediction(n, Trust.GOOD)));

      assertTrue(listening.isComplete());
      List<DateTime> times =
          IntStream.rangeClosed(1, 100).mapToObj(n -> new DateTime(START.plusMillis(n))).toList();
      for (String node : nodes) {
        assertEquals(
            times, listening.values(node).stream().map(DataValue::sourceTime).toList(), node);
        assertEquals(
            Set.of(StatusCode.GOOD),
            Set.copyOf(listening.values(node).stream().map(DataValue::statusCode).toList()),
            node);
      }
      List<Object> serials = new ArrayList<>();
      for (DataValue result : listening.values("Models.mill.Result")) {
        serials.add(client.decode(result).get("Serial"));
      }
      assertEquals(IntStream.rangeClosed(1, 100).mapToObj(n -> "P" + n).toList(), serials);
    }
  }

  @Test
  void theResultDecodesToAllFieldsByTheDefinitionThatTheServerTells() throws Exception {
    server.state("mill", DeploymentState.DEGRADED, LearningState.TRAINING, "a signal is silent");
    server.publish(prediction(9, Trust.GOOD));
    try (ScadaClient client = client()) {
      Map<String, Object> result = client.decode(client.read("Models.mill.Result"));

      assertArrayEquals(new Double[] {0.25, 0.75}, (Double[]) result.remove("Probabilities"));
      assertEquals(
          Map.of(
              "Serial",
              "P9",
              "Prediction",
              "bad",
              "Probability",
              0.75,
              "Threshold",
              0.4,
              "ModelVersion",
              7,
              "Digest",
              ServerFixture.DIGEST.hex(),
              "LocalRevision",
              3,
              "Sequence",
              9L,
              "State",
              "Degraded",
              "Missing",
              0.125),
          result);
    }
  }

  @Test
  void allNodesOfAPredictionHaveItsSourceTimeAndTrust() throws Exception {
    server.state("mill", DeploymentState.ACTIVE, LearningState.PROMOTED, "");
    server.publish(prediction(1, Trust.GOOD));
    server.publish(prediction(2, Trust.UNCERTAIN));
    try (ScadaClient client = client()) {
      for (String node : nodes()) {
        DataValue value = client.read(node);
        assertEquals(StatusCode.UNCERTAIN, value.statusCode(), node);
        assertEquals(new DateTime(START.plusMillis(2)), value.sourceTime(), node);
      }
      assertEquals(Variant.ofString("P2"), client.read("Models.mill.Serial").value());

      server.publish(prediction(3, Trust.BAD));
      assertEquals(StatusCode.BAD, client.read("Models.mill.Serial").statusCode());
    }
  }

  @Test
  void anAnomalyIsAScoreAboveItsThresholdAndAnAlarm() throws Exception {
    Prediction plain = prediction(1, Trust.GOOD);
    server.publish(
        new Prediction(
            plain.task(),
            plain.serial(),
            "anomaly",
            Double.NaN,
            List.of(),
            0.25,
            plain.modelVersion(),
            plain.digest(),
            plain.localRevision(),
            plain.sequence(),
            plain.trust(),
            plain.sourceTime(),
            plain.missing(),
            1.5,
            true));
    try (ScadaClient client = client()) {
      assertEquals(Variant.ofString("anomaly"), client.read("Models.mill.Prediction").value());
      assertEquals(Variant.ofDouble(1.5), client.read("Models.mill.Value").value());
      assertEquals(Variant.ofDouble(0.25), client.read("Models.mill.Threshold").value());
      assertEquals(Variant.ofBoolean(true), client.read("Models.mill.Alarm").value());
      assertEquals(
          Double.NaN, client.read("Models.mill.Probability").value().value(), "it is no share");
      server.publish(prediction(2, Trust.GOOD));
      assertEquals(Variant.ofBoolean(false), client.read("Models.mill.Alarm").value());
    }
  }

  @Test
  void aTaskWithoutPredictionShowsItsStatesAndWaitsForInitialData() throws Exception {
    try (ScadaClient client = client()) {
      assertEquals(
          StatusCodes.Bad_NodeIdUnknown, client.read("Models.mill.State").statusCode().value());

      server.state("mill", DeploymentState.READY, LearningState.COLLECTING, "12 of 40 parts");

      assertEquals(Variant.ofString("Ready"), client.read("Models.mill.State").value());
      assertEquals(Variant.ofString("12 of 40 parts"), client.read("Models.mill.Detail").value());
      assertEquals(Variant.ofString("Collecting"), client.read("LearningJobs.mill.State").value());
      assertEquals(
          StatusCodes.Bad_WaitingForInitialData,
          client.read("Models.mill.Result").statusCode().value());
    }
  }

  @Test
  void aLateListenerBeginsWithTheNewestPrediction() throws Exception {
    server.publish(prediction(1, Trust.GOOD));
    server.publish(prediction(2, Trust.UNCERTAIN));
    try (ScadaClient client = client()) {
      ScadaClient.Listening listening = client.listen(List.of("Models.mill.Serial"), 5, 50, 1);

      assertTrue(listening.isComplete());
      DataValue first = listening.values("Models.mill.Serial").get(0);
      assertEquals(Variant.ofString("P2"), first.value());
      assertEquals(StatusCode.UNCERTAIN, first.statusCode());
    }
  }

  @Test
  void clientsCannotWrite() throws Exception {
    server.publish(prediction(1, Trust.GOOD));
    try (ScadaClient client = client()) {
      StatusCode written =
          client
              .milo()
              .writeValues(
                  List.of(client.id("Models.mill.Serial")),
                  List.of(DataValue.valueOnly(Variant.ofString("forged"))))
              .get(0);

      assertTrue(written.isBad(), written.toString());
      assertEquals(Variant.ofString("P1"), client.read("Models.mill.Serial").value());
    }
  }

  @Test
  void aTakenPortIsToldAndTheServerComesWhenItIsFree() throws Exception {
    server.close();
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      server = server(settings(folder.resolve("server"), other.getLocalPort(), true));
      server.start();
      server.publish(prediction(5, Trust.UNCERTAIN));
      await(() -> server.status().get(0).state() == StatusLine.State.DOWN);

      String detail = server.status().get(0).detail();
      assertTrue(detail.contains("127.0.0.1:" + other.getLocalPort()), detail);
      assertTrue(detail.contains("etc/org.fedwerk.predict.opcua.cfg"), detail);
      assertNull(server.endpoint());
    }

    await(() -> server.endpoint() != null);

    assertEquals(StatusLine.State.READY, server.status().get(0).state());
    try (ScadaClient client = client()) {
      assertEquals(Variant.ofString("P5"), client.read("Models.mill.Serial").value());
    }
  }

  @Test
  void theNextServerHasTheSameCertificateAndPort() throws Exception {
    String endpoint = server.endpoint();
    ServerSettings again =
        settings(
            folder.resolve("server"),
            Integer.parseInt(endpoint.substring(endpoint.lastIndexOf(':') + 1)),
            true);
    byte[] certificate = Files.readAllBytes(folder.resolve("server/own/certificate.der"));
    server.close();

    server = started(again);

    assertEquals(endpoint, server.endpoint());
    try (ScadaClient client = client()) {
      assertArrayEquals(
          certificate,
          client.milo().getConfig().getEndpoint().getServerCertificate().bytesOrEmpty());
    }
  }

  @Test
  void statusCountsSessionsAndItems() throws Exception {
    server.publish(prediction(1, Trust.GOOD));
    try (ScadaClient client = client()) {
      client.listen(List.of("Models.mill.Serial", "Models.mill.Result"), 5, 50, 1).isComplete();

      String detail = server.status().get(0).detail();
      assertTrue(detail.contains("1 sessions, 2 monitored items, 1 tasks"), detail);
      assertEquals(1, queue("fedwerk.queue.depth", "sessions"));
      assertEquals(2, queue("fedwerk.queue.depth", "items"));
      assertFalse(detail.contains(LOGIN.password()), detail);
    }
  }

  private double queue(String name, String queue) {
    return server.measurements().stream()
        .filter(each -> each.name().equals(name) && each.tags().containsValue(queue))
        .findFirst()
        .orElseThrow()
        .value();
  }

  @Test
  void moreMonitoredItemsThanAllowedAreRefused() throws Exception {
    server.publish(prediction(1, Trust.GOOD));
    try (ScadaClient client = client()) {
      ReadValueId serial =
          new ReadValueId(client.id("Models.mill.Serial"), AttributeId.Value.uid(), null, null);
      OpcUaSubscription subscription = new OpcUaSubscription(client.milo(), 100);
      subscription.create();
      IntStream.rangeClosed(0, 1000)
          .forEach(n -> subscription.addMonitoredItem(new OpcUaMonitoredItem(serial)));

      long refused =
          subscription.createMonitoredItems().stream()
              .filter(result -> !result.operationResult().map(StatusCode::isGood).orElse(false))
              .count();

      assertTrue(refused > 0);
    }
  }

  @Test
  void aPredictedNumberIsAValueAndTheResultStaysWhatItWas() throws Exception {
    server.state("mill", DeploymentState.ACTIVE, LearningState.IDLE, "");
    Prediction classes = prediction(3, Trust.GOOD);
    server.publish(classes);
    try (ScadaClient client = client()) {
      assertEquals(Double.NaN, client.read("Models.mill.Value").value().value());
      server.publish(
          new Prediction(
              "mill",
              "P4",
              "81.25",
              Double.NaN,
              List.of(),
              0,
              7,
              classes.digest(),
              3,
              4,
              Trust.UNCERTAIN,
              classes.sourceTime(),
              0.5));
      DataValue value = client.read("Models.mill.Value");
      assertEquals(81.25, value.value().value());
      assertEquals(StatusCode.UNCERTAIN, value.statusCode());
      assertEquals("81.25", client.read("Models.mill.Prediction").value().value());
      assertEquals("81.25", client.decode(client.read("Models.mill.Result")).get("Prediction"));
    }
  }
}
