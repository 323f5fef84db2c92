// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.method;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.fedwerk.api.data.DataRole;
import org.fedwerk.api.data.Example;
import org.fedwerk.api.data.Tensor;
import org.fedwerk.sim.fault.Bench;
import org.fedwerk.sim.fault.MemoryStorage;
import org.fedwerk.sim.internal.GivenExamples;
import org.fedwerk.sim.internal.SimFederation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What sites weigh: a large one of lopsided classes whose minimum is -1, and a small one of even
 * classes whose minimum is 3. Where sites make the same steps on equal curvature, they meet at the
 * mean of their minima by weight.
 */
@Timeout(120)
class WeightsTest {
  private static final int LARGE = 30;
  private static final int SMALL = 10;

  private static Example example(DataRole role, int n, int classIndex) {
    Tensor window = new Tensor(new int[] {2, 2}, new float[] {n, 1, -n, n % 3});
    return new Example(role + "-" + n, Map.of(Example.WINDOW, window), classIndex, 1, role);
  }

  /** Some of the second class among the training examples, and a few others. */
  private static GivenExamples examples(int train, int second) {
    List<Example> all = new ArrayList<>();
    for (int n = 0; n < train; n++) {
      all.add(example(DataRole.TRAIN, n, n < second ? 1 : 0));
    }
    for (int n = 0; n < 4; n++) {
      all.add(example(DataRole.VALIDATION, n, n % 2));
      all.add(example(DataRole.TEST, n, n % 2));
    }
    return new GivenExamples(all);
  }

  /** Where the sites meet. */
  private static double meeting(String strategy) throws Exception {
    QuadraticEngine large = new QuadraticEngine(-1, 10, 0.5);
    QuadraticEngine small = new QuadraticEngine(3, 10, 0.5);
    String yaml =
        Bench.task(
            1,
            "metric: loss, patience: 1000, cohort-least: 2, quorum: 2, stall: 10m, max: 20",
            "strategy: {" + strategy + "}\n");
    try (SimFederation federation = new SimFederation(large)) {
      federation.add("a", new MemoryStorage(), examples(LARGE, 3), Bench.OWNER, large);
      federation.add("b", new MemoryStorage(), examples(SMALL, 5), Bench.OWNER, small);
      var unused = federation.run(yaml, Duration.ofMinutes(1));
    }
    double sum = 0;
    for (float value : small.start()) {
      sum += value;
    }
    return sum / small.start().length;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          weights: samples                  | 0.75
          weights: capped, weight-cap: 0.6  | 0.6
          weights: capped, weight-cap: 0.5  | 0.5
          weights: capped, weight-cap: 0.9  | 0.75
          weights: uniform                  | 0.5
          """)
  void theLargeSiteDrawsByItsShareOfTheWeights(String strategy, double share) throws Exception {
    assertEquals(share * -1 + (1 - share) * 3, meeting(strategy), 0.01);
  }

  /** Of 30 examples a tenth in one class, the entropy is 0.469 of that of even classes. */
  @Test
  void aSiteOfLopsidedClassesWeighsLessByTheirEntropy() throws Exception {
    double entropy = -(0.1 * Math.log(0.1) + 0.9 * Math.log(0.9)) / Math.log(2);
    double share = LARGE * entropy / (LARGE * entropy + SMALL);
    assertEquals(share * -1 + (1 - share) * 3, meeting("weights: balance"), 0.01);
  }
}
