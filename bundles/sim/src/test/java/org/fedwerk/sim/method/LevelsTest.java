// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.method;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
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
 * Two sites of different level, and a label that depends on the level itself: a part is too hot
 * from the same temperature on wherever it is made. Standardised by its own mean, each site says
 * the same of another temperature.
 */
@Timeout(300)
class LevelsTest {
  private static final String TASK =
      """
      task: heat
      owner: tests
      purpose: tell what is too hot
      schema:
        name: heat
        version: 1
        signals: [{name: temperature, unit: K, min: 0, max: 1000}]
        window: {steps: 1, step: 1s}
        label: {name: result, classes: [fine, hot]}
      model: {architecture: linear}
      training: {rate: 0.3, batch: 20, epochs: 4}
      rounds: {metric: accuracy, max: 12, least: 12, quorum: 2, stall: 10m}
      egress: {least-count: 2}
      """;

  private static final float LIMIT = 400;
  private static final float SPREAD = 15;

  /** A site whose parts have temperatures around a level. */
  private static List<Example> examples(Schema schema, float level, long seed) {
    Random random = new Random(seed);
    List<Example> examples = new ArrayList<>();
    for (int n = 0; n < 300; n++) {
      float value = level + SPREAD * (float) random.nextGaussian();
      DataRole role =
          n % 10 < 6 ? DataRole.TRAIN : n % 10 < 8 ? DataRole.VALIDATION : DataRole.TEST;
      examples.add(
          new Example(
              "p" + n,
              Map.of(Example.WINDOW, new Tensor(schema.inputShape(), new float[] {value})),
              value > LIMIT ? 1 : 0,
              1,
              role));
    }
    return examples;
  }

  private static List<RoundRecord> rounds(String yaml) throws Exception {
    Schema schema = new YamlTaskReader().read(yaml).task().schema();
    DjlEngine engine = new DjlEngine(EngineSettings.defaults());
    try (SimFederation federation = new SimFederation(engine)) {
      federation.add(
          "cold",
          new MemoryStorage(),
          new GivenExamples(examples(schema, LIMIT - SPREAD, 1)),
          "tests");
      federation.add(
          "warm",
          new MemoryStorage(),
          new GivenExamples(examples(schema, LIMIT + SPREAD, 2)),
          "tests");
      return federation.run(yaml, Duration.ofMinutes(4));
    } finally {
      engine.stop();
    }
  }

  private static double accuracy(List<RoundRecord> rounds) {
    return rounds.get(rounds.size() - 1).metrics().getOrDefault("test.accuracy", Double.NaN);
  }

  @Test
  void theFederationsStatisticsKeepTheDifferenceThatItsOwnTakeAway() throws Exception {
    double own = accuracy(rounds(TASK));
    List<RoundRecord> rounds = rounds(TASK + "normalisation: federated\n");
    double shared = accuracy(rounds);
    assertTrue(shared >= 0.95, "federated " + shared);
    assertTrue(own <= 0.8, "site " + own);

    RoundRecord merged = rounds.get(0);
    assertEquals("statistics", merged.protocol());
    assertEquals(List.of("cold", "warm"), merged.cohort());
    assertEquals(2, merged.metrics().get("statistics.sites"));
    assertEquals(360, merged.metrics().get("statistics.values"));
    assertEquals(14, rounds.size());
  }
}
