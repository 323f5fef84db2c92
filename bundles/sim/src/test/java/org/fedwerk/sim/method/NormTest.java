// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.method;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.fedwerk.api.coordinator.Coordination;
import org.fedwerk.api.coordinator.Coordination.RoundRecord;
import org.fedwerk.api.data.DataRole;
import org.fedwerk.api.data.Example;
import org.fedwerk.api.data.Schema;
import org.fedwerk.api.data.Tensor;
import org.fedwerk.learn.djl.internal.DjlEngine;
import org.fedwerk.learn.djl.internal.EngineSettings;
import org.fedwerk.sim.fault.MemoryStorage;
import org.fedwerk.sim.internal.GivenExamples;
import org.fedwerk.sim.internal.SimFederation;
import org.fedwerk.task.internal.YamlTaskReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Batch normalisation in rounds: averaged with the rest, or a site's own (Li et al. 2021, FedBN).
 */
@Timeout(300)
class NormTest {
  private static final String TASK =
      """
      task: rings
      owner: tests
      purpose: tell rings apart
      schema:
        name: rings
        version: 1
        signals:
          - {name: x, unit: "", min: -100, max: 100}
          - {name: y, unit: "", min: -100, max: 100}
        window: {steps: 1, step: 1s}
        label: {name: ring, classes: [inner, outer]}
      model: {architecture: mlp, hidden: [16], norm: batch}
      training: {rate: 0.1, momentum: 0.9, batch: 20, epochs: 2}
      rounds: {metric: accuracy, max: 15, least: 15, quorum: 2, stall: 10m}
      egress: {least-count: 2}
      """;

  private static List<Example> examples(Schema schema, long seed) {
    Random random = new Random(seed);
    List<Example> examples = new ArrayList<>();
    for (int n = 0; n < 200; n++) {
      int ring = n % 2;
      double angle = 2 * Math.PI * random.nextDouble();
      double radius = 1 + 2 * ring + 0.5 * random.nextDouble();
      float[] values = {(float) (radius * Math.cos(angle)), (float) (radius * Math.sin(angle))};
      examples.add(example(schema, n, ring, values));
    }
    return examples;
  }

  /**
   * What is told apart is how far x + y is from 0, near or far, at one site three times as far as
   * at the other; x - y says nothing and makes up for it in each signal's own variance.
   */
  private static List<Example> shifted(Schema schema, long seed) {
    boolean together = seed == "a".hashCode();
    double wide = Math.sqrt(0.9);
    double narrow = Math.sqrt(0.1);
    Random random = new Random(seed);
    List<Example> examples = new ArrayList<>();
    for (int n = 0; n < 400; n++) {
      int ring = n % 2;
      double sign = random.nextBoolean() ? 1 : -1;
      double sum = sign * (ring + 0.5 * random.nextDouble()) * (together ? wide : narrow);
      double difference = random.nextGaussian() * (together ? narrow : wide);
      float[] values = {(float) (sum + difference), (float) (sum - difference)};
      examples.add(example(schema, n, ring, values));
    }
    return examples;
  }

  private static Example example(Schema schema, int n, int ring, float[] values) {
    DataRole role = n % 10 < 6 ? DataRole.TRAIN : n % 10 < 8 ? DataRole.VALIDATION : DataRole.TEST;
    Tensor window = new Tensor(schema.inputShape(), values);
    return new Example("p" + n, Map.of(Example.WINDOW, window), ring, 1, role);
  }

  /** The examples of a site, by its seed. */
  private interface Drawn {
    List<Example> examples(Schema schema, long seed);
  }

  private static double accuracy(String yaml, String layout, Drawn drawn) throws Exception {
    Schema schema = new YamlTaskReader().read(yaml).task().schema();
    DjlEngine engine = new DjlEngine(EngineSettings.defaults());
    try (SimFederation federation = new SimFederation(engine)) {
      Coordination.DryRun run = federation.dryRun(yaml);
      assertTrue(run.layout().contains(layout), run.layout());
      for (String site : List.of("a", "b")) {
        List<Example> examples = drawn.examples(schema, site.hashCode());
        federation.add(site, new MemoryStorage(), new GivenExamples(examples), "tests");
      }
      List<RoundRecord> rounds = federation.run(yaml, Duration.ofMinutes(4));
      return rounds.get(rounds.size() - 1).metrics().getOrDefault("test.accuracy", Double.NaN);
    } finally {
      engine.stop();
    }
  }

  @Test
  void statisticsOfSitesThatAreAlikeAreAveragedWithTheWeights() throws Exception {
    assertEquals(1, accuracy(TASK, "norm1.variance BUFFER [16]", NormTest::examples), 0.05);
  }

  /**
   * Feature shift that a scale for each signal does not take out: at one site the signals rise
   * together, at the other one goes down when the other goes up. The mean statistics fit neither.
   */
  @Test
  void normalisationThatStaysAtTheSitesFitsEachSitesFeatures() throws Exception {
    double averaged = accuracy(TASK, "norm1.variance BUFFER [16]", NormTest::shifted);
    String own = TASK + "local: {layers: [norm1]}\n";
    double kept = accuracy(own, "dense2.weight SHARED [2, 16] 48", NormTest::shifted);
    assertTrue(kept > 0.9 && kept > averaged + 0.1, averaged + " averaged, " + kept + " kept");
  }
}
