// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal.contribution;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.BitSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** algorithms.md, Contribution. */
class CoalitionsTest {
  private static final double NEAR = 1e-12;

  /** Of nobody, A, B, AB, C, AC, BC, ABC. */
  private static final double[] VALUES = {.1, .5, .5, .7, .6, .8, .75, .9};

  private static int bits(BitSet members) {
    return members.isEmpty() ? 0 : (int) members.toLongArray()[0];
  }

  private static Coalitions three() {
    return new Coalitions(3, members -> VALUES[bits(members)]);
  }

  @Test
  void sharesAreShapleys() {
    assertArrayEquals(new double[] {.25, .225, .325}, three().shapley(), NEAR);
  }

  @Test
  void leavingOneOutTellsWhatAllLose() {
    assertArrayEquals(new double[] {.15, .1, .2}, three().leaveOneOut(), NEAR);
  }

  @Test
  void sampledSharesComeNearAndAddUpToTheSame() {
    double[] sampled = three().sampledShapley(2000, 7);
    assertArrayEquals(new double[] {.25, .225, .325}, sampled, 0.01);
    assertEquals(.8, Arrays.stream(sampled).sum(), 1e-9);
    assertArrayEquals(sampled, three().sampledShapley(2000, 7));
    double[] few = three().sampledShapley(1, 3);
    assertEquals(.8, Arrays.stream(few).sum(), NEAR);
  }

  @Test
  void whoAddsNothingHasNothingAndEqualsShareAlike() {
    Coalitions group = new Coalitions(4, members -> Math.sqrt(members.get(0, 3).cardinality()));
    double third = Math.sqrt(3) / 3;
    assertArrayEquals(new double[] {third, third, third, 0}, group.shapley(), NEAR);
  }

  @Test
  void aCoalitionIsAskedForOnceAndLargeGroupsOnlyBySamples() {
    AtomicInteger asked = new AtomicInteger();
    Coalitions five =
        new Coalitions(
            5,
            members -> {
              asked.incrementAndGet();
              return members.cardinality();
            });
    assertArrayEquals(new double[] {1, 1, 1, 1, 1}, five.shapley(), NEAR);
    assertArrayEquals(new double[] {1, 1, 1, 1, 1}, five.leaveOneOut(), NEAR);
    assertEquals(32, asked.get());
    Coalitions many = new Coalitions(20, BitSet::cardinality);
    assertTrue(
        assertThrows(IllegalStateException.class, many::shapley).getMessage().contains("20"));
    assertEquals(20, Arrays.stream(many.sampledShapley(2, 1)).sum(), 1e-9);
  }
}
