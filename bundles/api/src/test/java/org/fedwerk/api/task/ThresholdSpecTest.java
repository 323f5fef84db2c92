// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ThresholdSpecTest {
  private static ThresholdSpec quantile(double quantile) {
    return new ThresholdSpec(quantile, 1, 100);
  }

  private static double[] oneTo(int most) {
    return IntStream.rangeClosed(1, most).mapToDouble(n -> most + 1 - n).toArray();
  }

  @Test
  void asManyScoresAsTheQuantileSaysAreNotAboveIt() {
    assertEquals(99, quantile(0.99).of(oneTo(100)));
    assertEquals(7, quantile(0.07).of(oneTo(100)));
    assertEquals(198, quantile(0.99).of(oneTo(200)));
    assertEquals(5, quantile(0.9).of(oneTo(5)), "of few it is the largest");
    assertEquals(1, quantile(0.001).of(oneTo(5)));
    assertEquals(3, quantile(0.5).of(new double[] {3, 3, 3}));
  }

  @Test
  void itIsKeptAsAFloatThatIsNotLessThanTheScore() {
    double[] scores = {0.1, Math.nextDown(0.3), 1e-50, 12345.678901};
    for (double each : scores) {
      float kept = quantile(0.5).of(new double[] {each});
      assertTrue(kept >= each && kept - each <= 1e-6 * each + Float.MIN_VALUE, each + " " + kept);
    }
  }

  @Test
  void onlySharesAreTaken() {
    assertThrows(IllegalArgumentException.class, () -> quantile(1));
    assertThrows(IllegalArgumentException.class, () -> quantile(Double.NaN));
    assertThrows(IllegalArgumentException.class, () -> new ThresholdSpec(0.9, 2, 100));
    assertThrows(IllegalArgumentException.class, () -> new ThresholdSpec(0.9, 1, 0));
  }
}
