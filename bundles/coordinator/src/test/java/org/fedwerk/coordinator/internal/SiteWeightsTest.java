// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.fedwerk.api.task.StrategySpec;
import org.fedwerk.api.task.StrategySpec.Weights;
import org.junit.jupiter.api.Test;

class SiteWeightsTest {
  private static final double[] NONE = {Double.NaN, Double.NaN, Double.NaN};

  private static double[] of(Weights weights, double cap, double[] examples, double[] balance) {
    return SiteWeights.of(
        new StrategySpec("fedavg", weights, cap, 0, StrategySpec.Server.NONE), examples, balance);
  }

  @Test
  void byExamplesAndUniform() {
    double[] examples = {600, 300, 100};
    assertArrayEquals(examples, of(Weights.SAMPLES, 1, examples, NONE));
    assertArrayEquals(new double[] {1, 1, 1}, of(Weights.UNIFORM, 1, examples, NONE));
  }

  @Test
  void aCappedSiteHasItsShareAndTheOthersKeepTheirProportions() {
    double[] weights = of(Weights.CAPPED, 0.5, new double[] {9000, 200, 100}, NONE);
    assertArrayEquals(new double[] {300, 200, 100}, weights, 1e-9);
    assertArrayEquals(
        new double[] {600, 300, 100},
        of(Weights.CAPPED, 0.6, new double[] {600, 300, 100}, NONE),
        "what is within the cap stays");
    assertArrayEquals(
        new double[] {1, 1, 1},
        of(Weights.CAPPED, 0.2, new double[] {600, 300, 100}, NONE),
        "three sites cannot each have a fifth");
  }

  @Test
  void noSiteEverHasMoreThanTheCap() {
    Random random = new Random(11);
    for (int trial = 0; trial < 1000; trial++) {
      double cap = 0.05 + 0.9 * random.nextDouble();
      double[] examples = random.doubles(2 + random.nextInt(9), 1, 10_000).toArray();
      double[] weights = of(Weights.CAPPED, cap, examples, examples);
      double sum = Arrays.stream(weights).sum();
      double most = Arrays.stream(weights).max().orElseThrow() / sum;
      assertTrue(most <= Math.max(cap, 1.0 / examples.length) + 1e-9, cap + " " + most);
    }
  }

  @Test
  void balanceCountsASiteOfOneClassAsOneExample() {
    double[] weights =
        of(Weights.BALANCE, 1, new double[] {1000, 400, 400}, new double[] {0, 1, 0.5});
    assertArrayEquals(new double[] {1, 400, 200}, weights, 1e-9);
    assertEquals(3, weights.length);
  }
}
