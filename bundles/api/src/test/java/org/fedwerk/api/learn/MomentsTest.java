// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MomentsTest {
  private static final double RELATIVE = 1e-12;

  private static Moments of(List<Double> values) {
    double mean = values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    double squares = values.stream().mapToDouble(x -> (x - mean) * (x - mean)).sum();
    return new Moments(values.size(), mean, squares / values.size());
  }

  @Test
  void mergedInAnyNumberOfSetsTheyAreThoseOfAllValues() {
    Random random = new Random(17);
    for (int run = 0; run < 200; run++) {
      List<Double> all = new ArrayList<>();
      Moments merged = Moments.NONE;
      int sets = 1 + random.nextInt(8);
      for (int set = 0; set < sets; set++) {
        double level = 1 + 100 * random.nextDouble();
        double spread = Math.pow(10, random.nextInt(3));
        List<Double> values = new ArrayList<>();
        int size = 1 + random.nextInt(300);
        for (int i = 0; i < size; i++) {
          values.add(level + spread * random.nextGaussian());
        }
        all.addAll(values);
        merged = merged.plus(of(values));
      }
      Moments pooled = of(all);
      assertEquals(pooled.count(), merged.count());
      double scale = Math.max(Math.abs(pooled.mean()), pooled.deviation());
      assertEquals(pooled.mean(), merged.mean(), RELATIVE * scale);
      assertEquals(pooled.variance(), merged.variance(), RELATIVE * pooled.variance());
    }
  }

  @Test
  void aLargeLevelTakesNoDigitsFromTheVariance() {
    Moments low = new Moments(2, 1e9, 1);
    Moments high = new Moments(2, 1e9 + 2, 1);
    assertEquals(new Moments(4, 1e9 + 1, 2), low.plus(high));
  }

  @Test
  void noValuesAddNothing() {
    Moments some = new Moments(3, -2, 5);
    assertEquals(some, some.plus(Moments.NONE));
    assertEquals(some, Moments.NONE.plus(some));
    assertEquals(Math.sqrt(5), some.deviation());
  }

  @Test
  void whatIsNoStatisticIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> new Moments(-1, 0, 0));
    assertThrows(IllegalArgumentException.class, () -> new Moments(0, 1, 0));
    assertThrows(IllegalArgumentException.class, () -> new Moments(1, Double.NaN, 0));
    assertThrows(IllegalArgumentException.class, () -> new Moments(1, 0, -1e-9));
    assertThrows(IllegalArgumentException.class, () -> new Moments(1, 0, Double.POSITIVE_INFINITY));
    Moments most = new Moments(Long.MAX_VALUE, 0, 0);
    assertThrows(ArithmeticException.class, () -> most.plus(new Moments(1, 0, 0)));
  }
}
