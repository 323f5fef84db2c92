// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal.contribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.fedwerk.api.coordinator.Contributions;
import org.fedwerk.api.task.ContributionSpec;
import org.fedwerk.api.task.ContributionSpec.Kind;
import org.junit.jupiter.api.Test;

class SharesTest {
  private static final double NEAR = 1e-12;
  private static final List<String> THREE = List.of("a", "b", "c");

  /** Of nobody, A, B, AB, C, AC, BC, ABC; as in algorithms.md. */
  private static final double[] VALUES = {.1, .5, .5, .7, .6, .8, .75, .9};

  private static double value(BitSet subset) {
    return VALUES[subset.isEmpty() ? 0 : (int) subset.toLongArray()[0]];
  }

  private static ContributionSpec spec(int permutations, Kind... kinds) {
    return new ContributionSpec(Set.of(kinds), permutations);
  }

  /** What two judges told, one a little more and one a little less than the value. */
  private static List<Map<String, Double>> told(Shares shares, ToDoubleFunction<BitSet> value) {
    List<Map<String, Double>> told = new ArrayList<>();
    for (BitSet subset : shares.subsets()) {
      double of = value.applyAsDouble(subset);
      told.add(new TreeMap<>(Map.of("a", of - 0.05, "b", of + 0.05)));
    }
    return told;
  }

  private static List<String> sites(int count) {
    return IntStream.range(0, count).mapToObj(i -> "site" + (100 + i)).toList();
  }

  @Test
  void eachSubsetIsAskedForOnceWhateverItIsNeededFor() {
    assertEquals(4, new Shares(spec(10, Kind.LEAVE_ONE_OUT), THREE, 1).subsets().size());
    assertEquals(3, new Shares(spec(10, Kind.MATRIX), THREE, 1).subsets().size());
    Shares all = new Shares(new ContributionSpec(EnumSet.allOf(Kind.class), 10), THREE, 1);
    assertEquals(8, all.subsets().size());
    assertEquals(8, Set.copyOf(all.subsets()).size());
    assertEquals(
        all.subsets(),
        new Shares(new ContributionSpec(EnumSet.allOf(Kind.class), 10), THREE, 1).subsets());
  }

  @Test
  void theFiguresAreThoseOfTheDefinitions() {
    Shares shares = new Shares(new ContributionSpec(EnumSet.allOf(Kind.class), 10), THREE, 1);
    Contributions found = shares.of("accuracy", told(shares, SharesTest::value));
    assertEquals("", found.problem());
    assertEquals(2, found.judges());
    near(Map.of("a", .15, "b", .1, "c", .2), found.leaveOneOut());
    near(Map.of("a", .25, "b", .225, "c", .325), found.shapley());
    assertEquals(.9, found.worth().get(Contributions.ALL), NEAR);
    assertEquals(.1, found.worth().get(Contributions.NONE), NEAR);
    assertEquals(Set.copyOf(THREE), found.matrix().keySet());
    near(Map.of("a", .55, "b", .65), found.matrix().get("c"));
  }

  @Test
  void ofAnErrorTheFallCountsAndTheMatrixIsAsItIs() {
    Shares shares = new Shares(new ContributionSpec(EnumSet.allOf(Kind.class), 10), THREE, 1);
    Contributions found = shares.of("rmse", told(shares, subset -> 1 - value(subset)));
    near(Map.of("a", .25, "b", .225, "c", .325), found.shapley());
    assertEquals(.1, found.worth().get(Contributions.ALL), NEAR);
    near(Map.of("a", .35, "b", .45), found.matrix().get("c"));
  }

  @Test
  void sampledSharesAddUpAndWhoAddsNothingHasNothing() {
    List<String> twelve = sites(12);
    Shares shares = new Shares(spec(3, Kind.SHAPLEY), twelve, 5);
    int most = 2 + 2 * 3 * 11;
    assertTrue(shares.subsets().size() <= most, shares.subsets().size() + " subsets");
    // The first eleven are alike, the last one is a dummy.
    ToDoubleFunction<BitSet> value = subset -> Math.sqrt(subset.get(0, 11).cardinality());
    Contributions found = shares.of("accuracy", told(shares, value));
    double sum = found.shapley().values().stream().mapToDouble(Double::doubleValue).sum();
    assertEquals(Math.sqrt(11), sum, 1e-9);
    assertEquals(0, found.shapley().get("site111"), NEAR);
    Shares again = new Shares(spec(3, Kind.SHAPLEY), twelve, 5);
    assertEquals(found, again.of("accuracy", told(again, value)));
    assertNotEquals(shares.subsets(), new Shares(spec(3, Kind.SHAPLEY), twelve, 6).subsets());
  }

  @Test
  void aSiteThatDidNotJudgeEveryModelIsNoJudge() {
    Shares shares = new Shares(spec(10, Kind.LEAVE_ONE_OUT, Kind.MATRIX), THREE, 1);
    List<Map<String, Double>> told = told(shares, SharesTest::value);
    told.get(0).put("c", .4);
    told.get(1).remove("b");
    Contributions found = shares.of("accuracy", told);
    assertEquals(1, found.judges());
    near(Map.of("a", .15, "b", .1, "c", .2), found.leaveOneOut());
    told.get(2).put("a", Double.NaN);
    Contributions none = shares.of("accuracy", told);
    assertEquals(0, none.judges());
    assertTrue(none.problem().startsWith("no site told accuracy of every model"), none.problem());
    assertTrue(none.leaveOneOut().values().stream().allMatch(value -> value.isNaN()));
    assertEquals(Set.copyOf(THREE), none.matrix().keySet(), "each of its cells is there or not");
  }

  @Test
  void ofManySitesItIsKnownSoonThatTheyAreTooMany() {
    int most = ContributionSpec.MODELS_MOST;
    assertTrue(new Shares(spec(10, Kind.LEAVE_ONE_OUT), sites(199), 1).subsets().size() <= most);
    for (Kind kind : Kind.values()) {
      assertTrue(new Shares(spec(100, kind), sites(1000), 1).subsets().size() > most, kind.word());
    }
  }

  private static void near(Map<String, Double> expected, Map<String, Double> found) {
    assertEquals(expected.keySet(), found.keySet());
    expected.forEach((site, value) -> assertEquals(value, found.get(site), NEAR, site));
  }
}
