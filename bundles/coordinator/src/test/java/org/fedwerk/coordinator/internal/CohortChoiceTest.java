// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.fedwerk.api.Digest;
import org.fedwerk.api.model.ModelVersion;
import org.fedwerk.api.task.CohortSpec;
import org.fedwerk.api.task.LateSpec;
import org.fedwerk.api.task.RoundsSpec;
import org.fedwerk.coordinator.internal.round.Place;
import org.junit.jupiter.api.Test;

class CohortChoiceTest {
  private static final Place FIRST = new Place(1, 1, 0);

  private static CohortChoice choice(CohortSpec cohort, int least, long seed) {
    return new CohortChoice(
        new RoundsSpec(
            9,
            5,
            1,
            "accuracy",
            least,
            1,
            0,
            Duration.ofSeconds(1),
            null,
            cohort,
            LateSpec.DROP,
            0),
        seed);
  }

  private static CohortSpec random(double fraction, int most) {
    return new CohortSpec(CohortSpec.Choice.RANDOM, fraction, 0, most);
  }

  private static List<String> sites(int count) {
    return IntStream.range(0, count).mapToObj(i -> String.format("s%03d", i)).toList();
  }

  @Property(tries = 200)
  void aChoiceIsARepeatableAscendingPartOfTheRightSize(
      @ForAll @IntRange(min = 2, max = 60) int ready,
      @ForAll @DoubleRange(min = 0.01, max = 1) double fraction,
      @ForAll @IntRange(min = 0, max = 30) int most,
      @ForAll long seed) {
    CohortSpec spec = random(fraction, most == 1 ? 2 : most);
    Place place = new Place(1 + ready, 1 + most, 0);
    List<String> chosen = choice(spec, 2, seed).choose(place, sites(ready), site -> 0);
    assertEquals(chosen, choice(spec, 2, seed).choose(place, sites(ready), site -> 9));
    assertEquals(chosen, chosen.stream().distinct().sorted().toList());
    assertTrue(sites(ready).containsAll(chosen));
    int wanted = Math.max(2, (int) Math.ceil(fraction * ready));
    assertEquals(spec.most() == 0 ? wanted : Math.min(wanted, spec.most()), chosen.size());
  }

  @Test
  void overManyRoundsChanceTakesEverySiteAboutEquallyOften() {
    Map<String, Integer> taken = new HashMap<>();
    CohortChoice choice = choice(random(0.25, 0), 2, 42);
    for (int round = 1; round <= 1000; round++) {
      choice
          .choose(new Place(round, 1, 0), sites(20), site -> 0)
          .forEach(site -> taken.merge(site, 1, Integer::sum));
    }
    assertEquals(20, taken.size());
    // 250 expected with a deviation of 13.7; the seed is fixed, so this is no matter of luck.
    taken.forEach((site, times) -> assertTrue(times > 195 && times < 305, site + ": " + times));
  }

  @Test
  void anotherRoundAttemptOrSeedIsAnotherChoice() {
    List<String> first = choice(random(0.2, 0), 2, 1).choose(FIRST, sites(50), site -> 0);
    for (List<String> other :
        List.of(
            choice(random(0.2, 0), 2, 1).choose(new Place(2, 1, 0), sites(50), site -> 0),
            choice(random(0.2, 0), 2, 1).choose(new Place(1, 2, 0), sites(50), site -> 0),
            choice(random(0.2, 0), 2, 2).choose(FIRST, sites(50), site -> 0))) {
      assertTrue(!first.equals(other), "the same ten of fifty sites");
    }
  }

  @Test
  void freshestAreThoseWithTheMostNewExamplesSinceTheyLastContributed() {
    Digest digest = Digest.of(new byte[0]);
    List<ModelVersion> models =
        List.of(
            new ModelVersion(digest, 0, digest, digest, List.of(), List.of(), Double.NaN),
            new ModelVersion(
                digest, 1, digest, digest, List.of("a", "b"), List.of(600.0, 700.0), 0.5),
            new ModelVersion(digest, 2, digest, digest, List.of("a"), List.of(640.0), 0.6));
    Map<String, Integer> fresh =
        CohortChoice.fresh(Map.of("a", 650, "b", 690, "c", 510, "d", 20), models);
    assertEquals(Map.of("a", 10, "b", 0, "c", 510, "d", 20), fresh);

    CohortSpec two = new CohortSpec(CohortSpec.Choice.FRESHEST, 1, 2, 0);
    assertEquals(
        List.of("c", "d"),
        choice(two, 2, 1).choose(FIRST, List.of("a", "b", "c", "d"), fresh::get));
  }

  @Test
  void moreSitesThanTheMostAreThinnedByChanceAndTheLeastIsKept() {
    CohortSpec most = new CohortSpec(CohortSpec.Choice.ALL, 1, 0, 3);
    assertEquals(3, choice(most, 2, 1).choose(FIRST, sites(9), site -> 0).size());
    assertEquals(2, choice(most, 2, 1).choose(FIRST, sites(2), site -> 0).size());
    assertEquals(4, choice(random(0.01, 0), 4, 1).choose(FIRST, sites(9), site -> 0).size());
  }
}
