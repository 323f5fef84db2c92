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

/** A network that learns from updates in factors (Vogels et al. 2019), and what that saves. */
@Timeout(300)
class LowRankTest {
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
      model: {architecture: mlp, hidden: [128, 128]}
      training: {rate: 0.1, momentum: 0.9, batch: 20, epochs: 2}
      rounds: {metric: accuracy, max: 12, least: 12, quorum: 2, stall: 10m}
      egress: {least-count: 2}
      """;

  /**
   * What a run comes to: accuracy on the test parts, and payload bytes of all but its last round.
   */
  private record Run(double accuracy, long bytes) {}

  private static List<Example> examples(Schema schema, long seed) {
    Random random = new Random(seed);
    List<Example> examples = new ArrayList<>();
    for (int n = 0; n < 200; n++) {
      int ring = n % 2;
      double angle = 2 * Math.PI * random.nextDouble();
      double radius = 1 + 2 * ring + 0.5 * random.nextDouble();
      float[] values = {(float) (radius * Math.cos(angle)), (float) (radius * Math.sin(angle))};
      DataRole role =
          n % 10 < 6 ? DataRole.TRAIN : n % 10 < 8 ? DataRole.VALIDATION : DataRole.TEST;
      Tensor window = new Tensor(schema.inputShape(), values);
      examples.add(new Example("p" + n, Map.of(Example.WINDOW, window), ring, 1, role));
    }
    return examples;
  }

  private static Run run(String compression) throws Exception {
    String yaml = TASK + "compression: {" + compression + "}\n";
    Schema schema = new YamlTaskReader().read(yaml).task().schema();
    DjlEngine engine = new DjlEngine(EngineSettings.defaults());
    try (SimFederation federation = new SimFederation(engine)) {
      for (String site : List.of("a", "b")) {
        List<Example> examples = examples(schema, site.hashCode());
        federation.add(site, new MemoryStorage(), new GivenExamples(examples), "tests");
      }
      List<RoundRecord> rounds = federation.run(yaml, Duration.ofMinutes(4));
      List<Long> payload = federation.payload();
      return new Run(
          rounds.get(rounds.size() - 1).metrics().getOrDefault("test.accuracy", Double.NaN),
          payload.get(payload.size() - 1));
    } finally {
      engine.stop();
    }
  }

  @Test
  void aTaskLearnsFromFactorsAsItDoesFromWholeUpdatesForAFractionOfTheBytes() throws Exception {
    String down = "down: {precision: int8, zstd: on}";
    Run whole = run(down);
    Run factors = run("values: low-rank, rank: 2, precision: float16, zstd: on, " + down);
    assertEquals(1, whole.accuracy(), 0.05);
    assertEquals(1, factors.accuracy(), 0.05);
    assertTrue(factors.bytes() < whole.bytes() / 2, factors + " and " + whole);
  }
}
