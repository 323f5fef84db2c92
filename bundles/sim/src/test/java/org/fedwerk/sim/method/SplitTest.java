// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.method;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.fedwerk.aggregate.internal.FedAvg;
import org.fedwerk.api.coordinator.Coordination.RoundRecord;
import org.fedwerk.api.data.DataRole;
import org.fedwerk.api.data.Example;
import org.fedwerk.api.data.Schema;
import org.fedwerk.api.data.Tensor;
import org.fedwerk.api.site.SiteAgent.TaskView;
import org.fedwerk.learn.djl.internal.DjlEngine;
import org.fedwerk.learn.djl.internal.EngineSettings;
import org.fedwerk.sim.fault.MemoryStorage;
import org.fedwerk.sim.fault.VirtualFederation;
import org.fedwerk.sim.internal.GivenExamples;
import org.fedwerk.sim.internal.SimFederation;
import org.fedwerk.task.internal.YamlTaskReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sites parted by the similarity of their updates (Sattler, Mueller and Samek 2020, CFL). */
@Timeout(300)
class SplitTest {
  private static final String SPLIT = "local: {clusters: 3, split: {}}\n";

  private static final String TASK =
      """
      task: halves
      owner: tests
      purpose: tell left from right
      schema:
        name: halves
        version: 1
        signals:
          - {name: x, unit: "", min: -100, max: 100}
          - {name: y, unit: "", min: -100, max: 100}
        window: {steps: 1, step: 1s}
        label: {name: half, classes: [left, right]}
      model: {architecture: mlp, hidden: [16]}
      training: {rate: 0.1, batch: 20, epochs: 2}
      rounds: {metric: accuracy, max: 12, least: 12, quorum: 4, cohort-least: 4, stall: 10m}
      egress: {least-count: 2}
      """;

  private static double mean(float[] vector) {
    double sum = 0;
    for (float value : vector) {
      sum += value;
    }
    return sum / vector.length;
  }

  private static Map<String, Double> newest(List<RoundRecord> rounds) {
    return rounds.stream()
        .map(RoundRecord::metrics)
        .filter(metrics -> metrics.containsKey("clusters"))
        .reduce((first, second) -> second)
        .orElseThrow();
  }

  private static Map<String, Double> two(QuadraticEngine a, QuadraticEngine b) {
    VirtualFederation federation = TwoSites.run(new FedAvg(), SPLIT, 30, a, b);
    return newest(federation.tasks().get(0).rounds());
  }

  @Test
  void sitesThatPullApartAtRestEachComeToTheirOwnMinimum() {
    QuadraticEngine a = new QuadraticEngine(-1, 10, 0.5);
    QuadraticEngine b = new QuadraticEngine(3, 10, 0.5);
    Map<String, Double> shown = two(a, b);
    assertEquals(2.0, shown.get("clusters"));
    assertNotEquals(shown.get("cluster.a"), shown.get("cluster.b"));
    assertEquals(-1, mean(a.judged()), 0.05);
    assertEquals(3, mean(b.judged()), 0.05);
  }

  @Test
  void sitesThatWantNearlyTheSameStayTogether() {
    QuadraticEngine a = new QuadraticEngine(2, 10, 0.5);
    QuadraticEngine b = new QuadraticEngine(2.4, 10, 0.5);
    assertEquals(1.0, two(a, b).get("clusters"));
    assertEquals(2.2, mean(a.judged()), 0.02);
    assertEquals(2.2, mean(b.judged()), 0.02);
  }

  /** Left of the axis is one class; where labels are turned, the other. */
  private static List<Example> examples(Schema schema, boolean turned, long seed) {
    Random random = new Random(seed);
    List<Example> examples = new ArrayList<>();
    for (int n = 0; n < 200; n++) {
      float[] values = {(float) random.nextGaussian(), (float) random.nextGaussian()};
      boolean right = values[0] > 0 != turned;
      DataRole role =
          n % 10 < 6 ? DataRole.TRAIN : n % 10 < 8 ? DataRole.VALIDATION : DataRole.TEST;
      Tensor window = new Tensor(schema.inputShape(), values);
      examples.add(new Example("p" + n, Map.of(Example.WINDOW, window), right ? 1 : 0, 1, role));
    }
    return examples;
  }

  private static List<RoundRecord> run(String turned, List<String> said) throws Exception {
    String yaml = TASK + SPLIT;
    Schema schema = new YamlTaskReader().read(yaml).task().schema();
    DjlEngine engine = new DjlEngine(EngineSettings.defaults());
    try (SimFederation federation = new SimFederation(engine)) {
      for (String site : List.of("a", "b", "c", "d")) {
        List<Example> examples = examples(schema, turned.contains(site), site.hashCode());
        federation.add(site, new MemoryStorage(), new GivenExamples(examples), "tests");
      }
      List<RoundRecord> rounds = federation.run(yaml, Duration.ofMinutes(4));
      federation.sites().values().stream()
          .flatMap(List::stream)
          .map(TaskView::toString)
          .forEach(said::add);
      return rounds;
    } finally {
      engine.stop();
    }
  }

  @Test
  void groupsOfOppositeLabelsArePartedExactlyAndThenEachIsRight() throws Exception {
    List<String> said = new ArrayList<>();
    List<RoundRecord> rounds = run("bd", said);
    Map<String, Double> shown = newest(rounds);
    assertEquals(2.0, shown.get("clusters"), shown.toString());
    assertEquals(1.0, shown.get("cluster.a"), shown.toString());
    assertEquals(2.0, shown.get("cluster.b"), shown.toString());
    assertEquals(1.0, shown.get("cluster.c"), shown.toString());
    assertEquals(2.0, shown.get("cluster.d"), shown.toString());
    RoundRecord last = rounds.get(rounds.size() - 1);
    assertTrue(last.metrics().getOrDefault("test.accuracy", 0.0) > 0.9, last.metrics().toString());
    assertTrue(said.get(1).contains("cluster 2 of 3"), said.toString());
  }

  @Test
  void sitesOfOneRuleAreNotParted() throws Exception {
    List<RoundRecord> rounds = run("", new ArrayList<>());
    assertEquals(1.0, newest(rounds).get("clusters"));
    RoundRecord last = rounds.get(rounds.size() - 1);
    assertTrue(last.metrics().getOrDefault("test.accuracy", 0.0) > 0.9, last.metrics().toString());
  }
}
