// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.fedwerk.api.learn.Moments;
import org.fedwerk.api.site.Assessment.Finding;
import org.fedwerk.api.site.Assessment.Verdict;
import org.junit.jupiter.api.Test;

/** Of force and way. */
class FederationDistanceTest {
  private static FederationDistance of(
      Moments force, Moments way, Moments thereForce, Moments thereWay) {
    return FederationDistance.of(
        Tasks.schema(), List.of(force, way), List.of(thereForce, thereWay));
  }

  private static Moments moments(double mean, double deviation) {
    return new Moments(10, mean, deviation * deviation);
  }

  @Test
  void theLargestDifferenceIsNamedInDeviationsOfTheFederation() {
    FederationDistance distance = of(moments(7, 1), moments(2, 1), moments(1, 2), moments(1, 1));
    assertEquals(
        new Finding(
            "distance to the federation's statistics",
            3,
            "deviations",
            "the largest of 2 inputs, force: mean 7.000 here, 1.000 in the federation",
            "at most 3",
            Verdict.MET),
        distance.rows().get(0));
    assertEquals(Optional.empty(), distance.reason());
  }

  @Test
  void aDifferenceOfMoreThanThreeIsAReasonNotToContribute() {
    FederationDistance distance = of(moments(7, 1), moments(5, 1), moments(1, 2), moments(1, 1));
    assertEquals(Verdict.SHORT, distance.rows().get(0).verdict());
    assertEquals(
        Optional.of(
            "way: mean 5.000 here, 1.000 in the federation, 4 of its deviations apart; look at"
                + " unit and calibration first"),
        distance.reason());
  }

  @Test
  void theOddestRatioOfDeviationsIsNamedWhicheverWay() {
    FederationDistance distance = of(moments(1, 6), moments(1, 1), moments(1, 2), moments(1, 12));
    Finding spread = distance.rows().get(1);
    assertEquals("spread against the federation's", spread.name());
    assertEquals(1 / 12.0, spread.number(), 1e-12);
    assertEquals(
        "the oddest of 2 inputs, way: deviation 1.000 here, 12.00 in the federation",
        spread.words());
    assertEquals("0.100 to 10", spread.needed());
    assertEquals(Verdict.NOTICE, spread.verdict());
    assertEquals(Optional.empty(), distance.reason());
  }

  @Test
  void aConstantOfTheFederationIsNearAsLongAsItIsTheSameHere() {
    FederationDistance same = of(moments(1, 0), moments(1, 1), moments(1, 0), moments(1, 1));
    assertEquals(0, same.rows().get(0).number());
    assertEquals(1, same.rows().get(1).number());
    FederationDistance other = of(moments(2, 0), moments(1, 1), moments(1, 0), moments(1, 1));
    assertTrue(Double.isInfinite(other.rows().get(0).number()));
    assertEquals(Verdict.SHORT, other.rows().get(0).verdict());
  }

  @Test
  void whatNobodyHasValuesOfIsNotCompared() {
    FederationDistance distance = of(moments(500, 1), moments(1, 1), Moments.NONE, moments(1, 1));
    assertEquals(0, distance.rows().get(0).number());
    FederationDistance none = of(Moments.NONE, Moments.NONE, moments(1, 1), moments(1, 1));
    assertEquals(Verdict.UNKNOWN, none.rows().get(0).verdict());
    assertEquals(Optional.empty(), none.reason());
  }
}
