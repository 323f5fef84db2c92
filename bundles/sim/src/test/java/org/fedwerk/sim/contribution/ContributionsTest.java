// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.contribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.data.DataRole;
import org.fedwerk.api.data.Example;
import org.fedwerk.api.data.Schema;
import org.fedwerk.api.data.Tensor;
import org.fedwerk.learn.djl.internal.DjlEngine;
import org.fedwerk.learn.djl.internal.EngineSettings;
import org.fedwerk.sim.baseline.SiteExamples;
import org.fedwerk.sim.contribution.Contributions.Result;
import org.fedwerk.sim.contribution.Contributions.Sampling;
import org.fedwerk.sim.contribution.Contributions.Share;
import org.fedwerk.sim.fault.WalkEngine;
import org.fedwerk.task.internal.YamlTaskReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two sites see the line y = 3 x + 1, a third has the other slope; all share the intercept. */
@Timeout(180)
class ContributionsTest {
  static final String LINE =
      """
      task: line
      owner: tests
      purpose: find a line
      seed: 3
      schema:
        name: line
        version: 1
        signals: [{name: x, unit: "", min: -100, max: 100}]
        window: {steps: 1, step: 1s}
        label: {name: y, kind: value, unit: "", centre: 1, scale: 4}
      model: {architecture: linear}
      training: {rate: 0.1, batch: 8, epochs: 2}
      rounds: {max: 3, least: 3, cohort-least: 3, quorum: 3, stall: 10m}
      egress: {least-count: 2}
      """;

  static SiteExamples site(String name, double slope) throws RefusedException {
    return site(name, slope, x -> x);
  }

  /** Each point has the value of another, drawn by chance. */
  static SiteExamples shuffled(String name, double slope) throws RefusedException {
    Random random = new Random(17);
    return site(name, slope, x -> 2 * random.nextDouble() - 1);
  }

  private static SiteExamples site(String name, double slope, DoubleUnaryOperator at)
      throws RefusedException {
    Schema schema = new YamlTaskReader().read(LINE).task().schema();
    Random random = new Random(name.hashCode());
    List<Example> examples = new ArrayList<>();
    for (int n = 0; n < 60; n++) {
      float x = (float) (2 * random.nextDouble() - 1);
      double[] y =
          schema.label().read(Double.toString(slope * at.applyAsDouble(x) + 1)).orElseThrow();
      Tensor window = new Tensor(new int[] {1, 1}, new float[] {x});
      DataRole role = DataRole.values()[n % 3];
      examples.add(Example.of(schema.label(), name + n, window, y, 1, role));
    }
    return new SiteExamples(name, examples);
  }

  @Test
  void whoHasTheOtherSlopeHasTheLeastShareAndIsBetterLeftOut() throws Exception {
    List<SiteExamples> sites = List.of(site("a", 3), site("b", 3), site("c", -3));
    DjlEngine engine = new DjlEngine(EngineSettings.defaults());
    try {
      Contributions contributions = new Contributions(engine);
      Result exact = contributions.run(LINE, sites, Sampling.EXACT);
      assertEquals(3, exact.rounds());
      Share a = exact.shares().get("a");
      Share b = exact.shares().get("b");
      Share c = exact.shares().get("c");
      assertTrue(a.leaveOneOut() > 0 && b.leaveOneOut() > 0, exact.toString());
      assertTrue(c.leaveOneOut() < 0, "the rounds gain more without it: " + exact);
      assertTrue(a.shapley() > 3 * c.shapley() && b.shapley() > 3 * c.shapley(), exact.toString());
      double sum = exact.shares().values().stream().mapToDouble(each -> each.shapley()).sum();
      assertEquals(exact.gained(), sum, 1e-9);

      Result sampled = contributions.run(LINE, sites, new Sampling(200, 1));
      assertEquals(exact.gained(), sampled.gained(), 1e-9, "the same run, shared out by chance");
      exact
          .shares()
          .forEach(
              (site, share) ->
                  assertEquals(share.shapley(), sampled.shares().get(site).shapley(), 0.4, site));
    } finally {
      engine.stop();
    }
  }

  @Test
  void updatesThatAreNoPlainMeanAreRefused() throws Exception {
    Contributions contributions = new Contributions(new WalkEngine(() -> 0));
    String yaml = LINE + "strategy: {weights: uniform}\n";
    RefusedException refused =
        assertThrows(
            RefusedException.class,
            () -> contributions.run(yaml, List.of(site("a", 3)), Sampling.EXACT));
    assertTrue(refused.getMessage().contains("plain fedavg"), refused.getMessage());
  }
}
