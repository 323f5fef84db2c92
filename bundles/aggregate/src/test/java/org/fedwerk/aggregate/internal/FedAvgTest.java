// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.aggregate.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class FedAvgTest {
  private final FedAvg fedAvg = new FedAvg();

  /** Design, algorithms, section Aggregators. */
  @Test
  void weighsAnUpdateOfTwoExamplesTwiceAsMuchAsOneOfOne() {
    float[] a = {1, 2, 3, 4, 5, 6};
    float[] b = {29, 23, 19, 17, 13, 11};
    double[] expected = new double[6];
    for (int i = 0; i < 6; i++) {
      expected[i] = (a[i] + 2.0 * b[i]) / 3;
    }

    double[] mean = fedAvg.aggregate(List.of(a, b), new double[] {1, 2});

    assertArrayEquals(expected, mean, 1e-12);
  }

  /** Design, algorithms, section Aggregators. */
  @Test
  void averagesScalarsOneAndThreeWithCountsOneAndTwoToSevenThirds() {
    double[] mean =
        fedAvg.aggregate(List.of(new float[] {1}, new float[] {3}), new double[] {1, 2});

    assertEquals(7.0 / 3, mean[0], 1e-15);
  }

  /** Design, algorithms, section Aggregators: weighted loss. */
  @Test
  void weighsLossesByCounts() {
    List<float[]> losses = List.of(new float[] {2}, new float[] {1}, new float[] {2});

    assertEquals(1.5, fedAvg.aggregate(losses, new double[] {1, 2, 1})[0], 1e-15);
  }

  @Test
  void givesASingleUpdateBack() {
    float[] update = {0.1f, -3e38f, 1e-45f};

    assertArrayEquals(
        new double[] {0.1f, -3e38f, 1e-45f},
        fedAvg.aggregate(List.of(update), new double[] {7}),
        0);
  }

  @Test
  void staysFiniteWhereFloat32WouldOverflow() {
    float[] huge = {Float.MAX_VALUE};

    double[] mean = fedAvg.aggregate(List.of(huge, huge, huge), new double[] {1, 1, 1});

    assertEquals(Float.MAX_VALUE, mean[0], Math.ulp((double) Float.MAX_VALUE) * 4);
  }

  @Test
  void bearsTheNameThatTasksUse() {
    assertEquals("fedavg", fedAvg.name());
  }

  @Test
  void refusesNoUpdateAtAll() {
    assertRefused("no update", List.of());
  }

  @Test
  void refusesUpdatesOfDifferentLengthAndSaysWhich() {
    assertRefused("update 1 has 1 elements", List.of(new float[2], new float[1]), 1, 1);
  }

  @Test
  void refusesAnotherNumberOfWeights() {
    assertRefused("2 updates but 1 weights", List.of(new float[1], new float[1]), 1);
  }

  @Test
  void refusesWeightsThatAreNotAboveZeroOrNotFinite() {
    List<float[]> two = List.of(new float[1], new float[1]);
    assertRefused("weight 1 is 0.0", two, 1, 0);
    assertRefused("weight 0 is -2.0", two, -2, 1);
    assertRefused("weight 0 is NaN", two, Double.NaN, 1);
    assertRefused("weight 1 is Infinity", two, 1, Double.POSITIVE_INFINITY);
    assertRefused("sum of the weights", two, Double.MAX_VALUE, Double.MAX_VALUE);
  }

  @Test
  void refusesAValueThatIsNotFiniteAndSaysWhichElementOfWhichUpdate() {
    float[] good = {1, 2, 3};
    assertRefused("element 2 of update 1", List.of(good, new float[] {1, 2, Float.NaN}), 1, 1);
    assertRefused(
        "element 0 of update 0",
        List.of(new float[] {Float.POSITIVE_INFINITY, 0, 0}, good),
        Double.MIN_VALUE,
        1e300);
    assertRefused(
        "element 1 of update 0",
        List.of(
            new float[] {0, Float.NEGATIVE_INFINITY, 0},
            new float[] {0, Float.POSITIVE_INFINITY, 0}),
        1,
        1);
  }

  private void assertRefused(String part, List<float[]> updates, double... weights) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> fedAvg.aggregate(updates, weights))
            .getMessage();
    assertTrue(message.contains(part), message);
  }
}
