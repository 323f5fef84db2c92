// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.plant.process;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MillingProcessTest {
  private static final int PUBLISHED_PARTS = 10_000;

  /** Matzka 2020: 339 of 10000 parts fail; TWF 46, HDF 115, PWF 95, OSF 98, RNF 19. */
  @Test
  void thePublishedProfileFailsAboutAsOftenInEachModeAsPublished() {
    List<Set<FailureMode>> failures =
        new MillingProcess(MillingProfile.PUBLISHED, 1).failures(PUBLISHED_PARTS);
    Map<FailureMode, Integer> counts = counts(failures);

    assertBetween(25, 70, counts.get(FailureMode.TOOL_WEAR), "TWF");
    assertBetween(55, 200, counts.get(FailureMode.HEAT_DISSIPATION), "HDF");
    assertBetween(50, 150, counts.get(FailureMode.POWER), "PWF");
    assertBetween(55, 150, counts.get(FailureMode.OVERSTRAIN), "OSF");
    assertBetween(1, 35, counts.get(FailureMode.RANDOM), "RNF");
    assertBetween(
        230, 450, (int) failures.stream().filter(modes -> !modes.isEmpty()).count(), "all");
  }

  @Test
  void thePublishedProfileHasThePublishedMeansAndSpreads() {
    Iterator<ProcessPart> parts = new MillingProcess(MillingProfile.PUBLISHED, 1).iterator();
    double[] sums = new double[6];
    double[] squares = new double[6];
    for (int n = 0; n < PUBLISHED_PARTS; n++) {
      double[][] values = parts.next().values();
      for (int s = 0; s < 6; s++) {
        sums[s] += values[s][3] / PUBLISHED_PARTS;
        squares[s] += values[s][3] * values[s][3] / PUBLISHED_PARTS;
      }
    }
    assertEquals(300, sums[0], 0.1);
    assertEquals(2, Math.sqrt(squares[0] - sums[0] * sums[0]), 0.1);
    assertEquals(310, sums[1], 0.1);
    assertEquals(1539, sums[2], 50);
    assertEquals(40, sums[3], 1);
    assertEquals(10, Math.sqrt(squares[3] - sums[3] * sums[3]), 1);
    assertEquals(108, sums[4], 10);
    assertEquals(0.7, sums[5], 0.05);
  }

  @ParameterizedTest
  @CsvSource({"a,OVERSTRAIN", "b,POWER", "c,HEAT_DISSIPATION"})
  void everySiteFailsOftenEnoughToLearnAndSeesOneModeFarMoreThanTheOthers(
      String name, FailureMode own) {
    MillingProfile profile = MillingProfile.named(name).orElseThrow();
    for (long seed = 1; seed <= 3; seed++) {
      List<Set<FailureMode>> failures = new MillingProcess(profile, seed).failures(1500);
      Map<FailureMode, Integer> counts = counts(failures);
      int failed = (int) failures.stream().filter(modes -> !modes.isEmpty()).count();

      assertBetween(75, 225, failed, "failed parts of 1500");
      counts.forEach(
          (mode, count) ->
              assertTrue(
                  mode == own || count * 3 < counts.get(own),
                  mode + " " + count + " beside " + counts));
    }
  }

  @Test
  void withoutStressASiteFailsAsRarelyAsPublished() {
    long failed =
        new MillingProcess(MillingProfile.SITE_B.stressed(0), 1)
            .failures(PUBLISHED_PARTS).stream().filter(modes -> !modes.isEmpty()).count();
    assertBetween(200, 550, (int) failed, "failed parts");
  }

  @ParameterizedTest
  @ValueSource(strings = {"published", "a", "b", "c"})
  void theSameSeedGivesTheSamePartsAndTheLabelSaysWhatFailed(String name) {
    MillingProcess process = new MillingProcess(MillingProfile.named(name).orElseThrow(), 7);
    Iterator<ProcessPart> first = process.iterator();
    Iterator<ProcessPart> second = process.iterator();
    List<Set<FailureMode>> failures = process.failures(300);
    Set<String> serials = new HashSet<>();
    ProcessPart before = null;
    for (int n = 0; n < 300; n++) {
      ProcessPart part = first.next();
      ProcessPart again = second.next();
      assertEquals(part.serial(), again.serial());
      assertArrayEquals(part.values(), again.values());
      assertEquals(failures.get(n).isEmpty() ? "0" : "1", part.code().orElseThrow());
      assertTrue(serials.add(part.serial()));
      assertEquals(before == null ? PlantProcess.START : before.end(), part.begin());
      before = part;
    }
  }

  @Test
  void aRandomWalkTurnsBackAtItsEndWithoutAJump() {
    RandomWalk walk = new RandomWalk(50, 2, new Random(3));
    assertEquals(walk.at(48), walk.at(50));
    assertEquals(walk.at(0), walk.at(98));
    assertEquals(walk.at(1), walk.at(99));
  }

  private static Map<FailureMode, Integer> counts(List<Set<FailureMode>> failures) {
    Map<FailureMode, Integer> counts = new EnumMap<>(FailureMode.class);
    for (FailureMode mode : FailureMode.values()) {
      counts.put(mode, (int) failures.stream().filter(modes -> modes.contains(mode)).count());
    }
    return counts;
  }

  private static void assertBetween(int least, int most, int actual, String what) {
    assertTrue(actual >= least && actual <= most, what + ": " + actual);
  }
}
