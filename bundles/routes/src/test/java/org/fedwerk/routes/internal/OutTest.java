// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.routes.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.fedwerk.api.Digest;
import org.fedwerk.api.coordinator.Coordination;
import org.fedwerk.api.coordinator.Coordination.RoundRecord;
import org.fedwerk.api.coordinator.Coordination.TaskRun;
import org.fedwerk.api.predict.Prediction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What predictions and rounds give, and what happens when a route is slow or fails. */
class OutTest {
  private static final Instant SIX = Instant.parse("2026-01-05T06:00:00Z");
  private static final Digest TASK = Digest.of(new byte[] {1});

  private final FakeServices services = new FakeServices();
  private final DefaultCamelContext context = new DefaultCamelContext();
  private final List<Object> bodies = new CopyOnWriteArrayList<>();
  private final List<Map<String, Object>> headers = new CopyOnWriteArrayList<>();

  private interface Step {
    void take(Exchange exchange) throws Exception;
  }

  private void route(String uri, Step step) throws Exception {
    context.addComponent("fedwerk", new FedwerkComponent(services));
    context.addRoutes(
        new RouteBuilder() {
          @Override
          public void configure() {
            errorHandler(noErrorHandler());
            from(uri)
                .routeId("route1")
                .process(
                    exchange -> {
                      step.take(exchange);
                      headers.add(Map.copyOf(exchange.getIn().getHeaders()));
                      bodies.add(exchange.getIn().getBody());
                    });
          }
        });
    context.start();
  }

  @AfterEach
  void stop() {
    context.stop();
  }

  static Prediction prediction(String task, long sequence) {
    return new Prediction(
        task,
        "P-" + sequence,
        "failure",
        0.75,
        List.of(0.25, 0.75),
        0.5,
        3,
        Digest.of(new byte[] {2}),
        1,
        sequence,
        Prediction.Trust.UNCERTAIN,
        SIX,
        0.125);
  }

  private void publish(Prediction prediction) {
    services.sinks.forEach(each -> each.publish(prediction));
  }

  @Test
  void aPredictionIsALineOfJsonWithTaskSerialClassAndTrustInHeaders() throws Exception {
    route("fedwerk:predictions?task=milling", exchange -> {});
    publish(prediction("other", 1));
    publish(prediction("milling", 2));
    Until.holds("a prediction", () -> bodies.size() == 1);
    JsonNode json = new JsonMapper().readTree((String) bodies.get(0));
    assertTrue(((String) bodies.get(0)).endsWith("}\n"));
    assertEquals("P-2", json.path("serial").asText());
    assertEquals(0.75, json.path("probability").asDouble());
    assertEquals(0.25, json.path("probabilities").get(0).asDouble());
    assertEquals("uncertain", json.path("trust").asText());
    assertFalse(json.path("alarm").asBoolean(true));
    assertEquals(SIX.toString(), json.path("time").asText());
    assertEquals(3, json.path("model version").asInt());
    assertEquals(
        Map.of(
            "FedwerkTask", "milling",
            "FedwerkSerial", "P-2",
            "FedwerkPredicted", "failure",
            "FedwerkTrust", "uncertain"),
        headers.get(0));
    context.stop();
    assertEquals(List.of(), services.sinks);
  }

  @Test
  void predictingNeverWaitsForASlowRouteAndTheOldestIsLeftOut() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    CountDownLatch busy = new CountDownLatch(1);
    route(
        "fedwerk:predictions?queue=2&body=record",
        exchange -> {
          busy.countDown();
          gate.await();
        });
    publish(prediction("milling", 1));
    busy.await();
    for (int i = 2; i <= 5; i++) {
      publish(prediction("milling", i));
    }
    gate.countDown();
    Until.holds("the newest", () -> bodies.size() == 3);
    assertEquals(
        List.of(1L, 4L, 5L), bodies.stream().map(each -> ((Prediction) each).sequence()).toList());
    Map<String, Double> measured = new HashMap<>();
    services
        .meters
        .get(0)
        .measurements()
        .forEach(each -> measured.put(each.name() + each.tags(), each.value()));
    assertEquals(
        Map.of(
            "fedwerk.queue.depth{queue=route:route1}", 0.0,
            "fedwerk.queue.bound{queue=route:route1}", 2.0,
            "fedwerk.predictions.leftout{route=route1}", 2.0),
        measured);
  }

  private static RoundRecord round(int number) {
    return new RoundRecord(
        TASK,
        number,
        1,
        "train",
        Digest.of(new byte[] {3}),
        7,
        List.of("a", "b"),
        Map.of("b", "stalled"),
        Map.of("train.loss", 0.5, "validation.accuracy", Double.NaN),
        Map.of(),
        10,
        20,
        SIX,
        Duration.ofMillis(1500));
  }

  private void history(List<RoundRecord> rounds) {
    TaskRun run =
        new TaskRun("milling", TASK, "running", 1, "train", Map.of(), Optional.empty(), "");
    services.coordination =
        (Coordination)
            Proxy.newProxyInstance(
                Coordination.class.getClassLoader(),
                new Class<?>[] {Coordination.class},
                (self, method, arguments) ->
                    switch (method.getName()) {
                      case "tasks" -> List.of(run);
                      case "rounds" -> List.copyOf(rounds);
                      default -> throw new AssertionError(method.getName());
                    });
  }

  @Test
  void roundsComeOldestFirstAndOneWhoseRouteFailsComesAgain() throws Exception {
    List<RoundRecord> rounds = new CopyOnWriteArrayList<>(List.of(round(1), round(2)));
    history(rounds);
    AtomicInteger tries = new AtomicInteger();
    route(
        "fedwerk:rounds?period=100",
        exchange -> {
          if (tries.incrementAndGet() == 2) {
            throw new IllegalStateException("the disk is full");
          }
        });
    Until.holds("two rounds", () -> bodies.size() == 2);
    rounds.add(round(3));
    Until.holds("the third round", () -> bodies.size() == 3);
    List<Object> numbers = new ArrayList<>();
    headers.forEach(each -> numbers.add(each.get("FedwerkRound")));
    assertEquals(List.of(1, 2, 3), numbers);
    assertEquals(4, tries.get());
    JsonNode json = new JsonMapper().readTree((String) bodies.get(0));
    assertEquals("milling", json.path("task").asText());
    assertEquals("stalled", json.path("missing").path("b").asText());
    assertEquals(0.5, json.path("metrics").path("train.loss").asDouble());
    assertTrue(json.path("metrics").path("validation.accuracy").isMissingNode());
    assertEquals(1.5, json.path("seconds").asDouble());
  }

  @Test
  void withoutHistoryOnlyNewRoundsCome() throws Exception {
    List<RoundRecord> rounds = new CopyOnWriteArrayList<>(List.of(round(1)));
    history(rounds);
    route("fedwerk:rounds?period=100&history=false&body=record", exchange -> {});
    AtomicInteger looks = new AtomicInteger();
    Until.holds("a first look", () -> looks.incrementAndGet() > 50);
    rounds.add(round(2));
    Until.holds("the new round", () -> bodies.size() == 1);
    assertEquals(2, ((RoundRecord) bodies.get(0)).round());
  }
}
