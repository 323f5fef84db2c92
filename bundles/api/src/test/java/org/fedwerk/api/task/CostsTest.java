// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.fedwerk.api.learn.Evaluation;
import org.junit.jupiter.api.Test;

class CostsTest {
  private final Costs costs = new Costs(100, 25, "EUR");

  /** Ten parts: defects at scores 0.3 and 0.9, one good at 0.25, the other good ones at 0. */
  private static Evaluation tenParts() {
    long[][] histogram = new long[2][Evaluation.BINS];
    histogram[0][0] = 7;
    histogram[0][64] = 1;
    histogram[1][76] = 1;
    histogram[1][230] = 1;
    return new Evaluation(10, 0, new long[][] {{8, 0}, {1, 1}}, histogram);
  }

  @Test
  void theThresholdWeighsAFalseAlarmAgainstAMissedDefect() {
    assertEquals(0.2, costs.threshold(), 1e-12);
  }

  @Test
  void theSavingIsAgainstFindingNoDefect() {
    assertEquals((2 * 100 - 25) * 100, costs.saving(tenParts(), costs.threshold()), 1e-9);
    assertEquals((100 - 0) * 100, costs.saving(tenParts(), 0.5), 1e-9);
    assertEquals((200 - 8 * 25) * 100, costs.saving(tenParts(), 0), 1e-9);
  }

  @Test
  void theBestThresholdIsTheHighestThatSavesMost() {
    assertEquals(76 / 256.0, costs.best(tenParts()), 1e-12);
    assertEquals(20_000, costs.saving(tenParts(), costs.best(tenParts())), 1e-9);
    long[][] good = new long[2][Evaluation.BINS];
    good[0][255] = 3;
    assertEquals(1, costs.best(new Evaluation(3, 0, new long[][] {{0, 3}, {0, 0}}, good)));
  }

  @Test
  void costsThatAreNoneAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new Costs(0, 1, "EUR"));
  }
}
