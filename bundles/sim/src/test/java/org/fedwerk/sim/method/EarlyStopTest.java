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
 * Labels that hang together with nothing, few of them and many epochs: whatever a site learns by
 * heart is wrong about its validation examples (Prechelt 1998).
 */
@Timeout(300)
class EarlyStopTest {
  private static final String TASK =
      """
      task: noise
      owner: tests
      purpose: learn what cannot be learned
      schema:
        name: noise
        version: 1
        signals:
          - {name: x, unit: "", min: -100, max: 100}
          - {name: y, unit: "", min: -100, max: 100}
        window: {steps: 8, step: 1s}
        label: {name: coin, classes: [head, tail]}
      model: {architecture: mlp, hidden: [16]}
      training: {rate: 0.3, momentum: 0.9, batch: 6, epochs: 40}
      rounds: {metric: loss, max: 2, least: 2, quorum: 2, stall: 10m}
      egress: {least-count: 2}
      """;

  private static List<Example> examples(Schema schema, long seed) {
    Random random = new Random(seed);
    List<Example> examples = new ArrayList<>();
    for (DataRole role : DataRole.values()) {
      for (int n = 0; n < (role == DataRole.TRAIN ? 24 : 60); n++) {
        float[] values = new float[schema.inputSize()];
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) random.nextGaussian();
        }
        Tensor window = new Tensor(schema.inputShape(), values);
        int coin = random.nextInt(2);
        examples.add(new Example(role + "-" + n, Map.of(Example.WINDOW, window), coin, 1, role));
      }
    }
    return examples;
  }

  /** Mean loss of validation examples after each round. */
  private static List<Double> losses(String groups) throws Exception {
    String yaml = TASK + groups;
    Schema schema = new YamlTaskReader().read(yaml).task().schema();
    DjlEngine engine = new DjlEngine(EngineSettings.defaults());
    try (SimFederation federation = new SimFederation(engine)) {
      for (String site : List.of("a", "b")) {
        List<Example> examples = examples(schema, site.hashCode());
        federation.add(site, new MemoryStorage(), new GivenExamples(examples), "tests");
      }
      return federation.run(yaml, Duration.ofMinutes(2)).stream()
          .map(RoundRecord::metrics)
          .filter(metrics -> metrics.containsKey("validation.loss"))
          .map(metrics -> metrics.getOrDefault("validation.loss", Double.NaN))
          .toList();
    } finally {
      engine.stop();
    }
  }

  @Test
  void aSiteWithPatienceDoesNotLearnByHeartWhatItsValidationExamplesDeny() throws Exception {
    List<Double> all = losses("");
    List<Double> stopped = losses("local: {patience: 2}\n");
    double guess = Math.log(2);
    for (int round = 0; round < all.size(); round++) {
      assertTrue(all.get(round) > 2 * guess, "all epochs " + all);
      assertTrue(stopped.get(round) < 1.4 * guess, "stopped " + stopped);
    }
  }
}
