// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.fedwerk.api.coordinator.Coordination.RoundRecord;
import org.fedwerk.api.metric.Measurement;
import org.fedwerk.api.metric.QueueLevel;
import org.junit.jupiter.api.Test;

class CoordinatorMeasurementsTest {
  static List<Measurement> measured(Bench bench) {
    return CoordinatorMeasurements.of(
        bench.desk.snapshot(),
        bench.refusals,
        new CoordinatorMeasurements.Load(
            new QueueLevel("coordinator", 2, 10),
            new QueueLevel("coordinator", 300, 1000),
            new QueueLevel("orders", 4, 5),
            1));
  }

  private static double value(List<Measurement> all, String name, Map<String, String> tags) {
    List<Double> found =
        all.stream()
            .filter(each -> each.name().equals(name))
            .filter(each -> each.tags().entrySet().containsAll(tags.entrySet()))
            .map(Measurement::value)
            .toList();
    assertEquals(1, found.size(), name + tags);
    return found.get(0);
  }

  @Test
  void everySitesShareOfTheNewestModelAddsUpToOne() throws Exception {
    Bench bench = new Bench("east", "north", "west");
    bench.submit("press 3 3");
    bench.settle();
    List<Measurement> all = measured(bench);
    double sum = 0;
    for (String site : List.of("east", "north", "west")) {
      double share = value(all, "fedwerk.contribution", Map.of("site", site));
      assertTrue(share > 0 && share < 1, site + " " + share);
      sum += share;
    }
    assertEquals(1, sum, 1e-12);
  }

  @Test
  void roundsBytesAndStateAreThoseOfTheRunHistory() throws Exception {
    Bench bench = new Bench("east", "north");
    bench.submit("press 3 2");
    bench.settle();
    List<Measurement> all = measured(bench);
    List<RoundRecord> rounds = bench.facts().rounds();
    String task = bench.facts().run().name();
    Map<String, String> ofTask = Map.of("task", task);
    assertEquals(rounds.size(), value(all, "fedwerk.rounds.committed", ofTask));
    assertEquals(
        rounds.stream().mapToLong(RoundRecord::bytesUp).sum(),
        value(all, "fedwerk.round.bytes", Map.of("task", task, "direction", "up")));
    assertEquals(1, value(all, "fedwerk.round.state", Map.of("task", task, "state", "finished")));
    assertEquals(2, value(all, "fedwerk.round.cohort", ofTask));
    assertEquals(0, value(all, "fedwerk.round.missing", ofTask));
    assertEquals(2, value(all, "fedwerk.sites.heard", Map.of()));
    assertEquals(2, value(all, "fedwerk.messages.queue", Map.of()));
    assertEquals(300, value(all, "fedwerk.messages.waiting", Map.of()));
    assertEquals(1, value(all, "fedwerk.messages.dropped", Map.of()));
  }

  @Test
  void everyQueueOfTheCoordinatorTellsItsDepthAndItsBound() {
    List<Measurement> all = measured(new Bench("east", "north"));
    Map<String, Double> bounds =
        Map.of(
            "coordinator",
            10.,
            "orders",
            5.,
            "model-chunks",
            2000.,
            "model-chunks-in-flight",
            128.);
    bounds.forEach(
        (queue, bound) ->
            assertEquals(bound, value(all, "fedwerk.queue.bound", Map.of("queue", queue))));
    assertEquals(4, value(all, "fedwerk.queue.depth", Map.of("queue", "orders")));
    assertEquals(0, value(all, "fedwerk.queue.depth", Map.of("queue", "model-chunks")));
  }

  @Test
  void refusedMessagesAreCountedByReason() throws Exception {
    Bench bench = new Bench("east", "north");
    bench.refusals.count("signature", "site east", "wrong");
    bench.refusals.count("signature", "site north", "wrong");
    assertEquals(
        2, value(measured(bench), "fedwerk.messages.refused", Map.of("reason", "signature")));
  }
}
