// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.method;

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
 * One part in forty is worn, and not far from the others; after few steps a model that counts all
 * parts alike has learned little but that: whole federations of two sites on the real engine.
 */
@Timeout(300)
class RareClassTest {
  private static final int PARTS = 8000;
  private static final int RARE = 40;
  private static final String TASK =
      """
      task: wear
      owner: tests
      purpose: find the few that are worn
      schema:
        name: wear
        version: 1
        signals:
          - {name: x, unit: "", min: -100, max: 100}
          - {name: y, unit: "", min: -100, max: 100}
        window: {steps: 1, step: 1s}
        label: {name: wear, classes: [low, high]}
      model: {architecture: linear}
      training: {rate: 0.1, batch: 200TRAINING}
      rounds: {metric: accuracy, max: 8, least: 8, quorum: 2, stall: 10m}
      egress: {least-count: 2}
      """;

  private static List<Example> examples(Schema schema, long seed) {
    Random random = new Random(seed);
    List<Example> examples = new ArrayList<>();
    for (int n = 0; n < PARTS; n++) {
      boolean worn = n % RARE == 0;
      double level = worn ? 0.5 + 0.5 * random.nextGaussian() : -1 + 0.4 * random.nextGaussian();
      float[] values = {(float) level, (float) random.nextGaussian()};
      int turn = n / RARE % 10;
      DataRole role = turn < 6 ? DataRole.TRAIN : turn < 8 ? DataRole.VALIDATION : DataRole.TEST;
      examples.add(
          new Example(
              "p" + n,
              Map.of(Example.WINDOW, new Tensor(schema.inputShape(), values)),
              worn ? 1 : 0,
              1,
              role));
    }
    return examples;
  }

  /** Recall of the rare class on the validation parts of both sites after the last round. */
  private static double recall(String training, String groups) throws Exception {
    String yaml = TASK.replace("TRAINING", training) + groups;
    Schema schema = new YamlTaskReader().read(yaml).task().schema();
    DjlEngine engine = new DjlEngine(EngineSettings.defaults());
    try (SimFederation federation = new SimFederation(engine)) {
      for (String site : List.of("a", "b")) {
        List<Example> examples = examples(schema, site.hashCode());
        federation.add(site, new MemoryStorage(), new GivenExamples(examples), "tests");
      }
      List<RoundRecord> rounds = federation.run(yaml, Duration.ofMinutes(2));
      return rounds.stream()
          .filter(round -> round.protocol().equals("train"))
          .mapToDouble(
              round -> round.metrics().getOrDefault("validation.summed.recall", Double.NaN))
          .reduce((earlier, later) -> later)
          .orElseThrow();
    } finally {
      engine.stop();
    }
  }

  @Test
  void theRareClassIsFoundMoreOftenByEachMeansAgainstImbalance() throws Exception {
    double plain = recall("", "");
    double weighted = recall(", class-weights: balanced", "");
    double given = recall(", class-weights: {high: 10}", "");
    double sampled = recall("", "local: {sampling: balanced}\n");
    double focal = recall(", focal: 2", "");
    String all = plain + ", " + weighted + ", " + given + ", " + sampled + ", " + focal;
    assertTrue(plain < 0.6, all);
    for (double better : new double[] {weighted, given, sampled}) {
      assertTrue(better > plain + 0.3, all);
    }
    // Lin et al. 2017: what is certain already, most of the others, no longer outweighs the rest.
    assertTrue(focal > plain + 0.05, all);
  }
}
