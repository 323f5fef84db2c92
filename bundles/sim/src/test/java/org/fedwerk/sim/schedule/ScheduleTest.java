// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.fedwerk.api.Digest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(300)
class ScheduleTest {
  private static final int SEEDS = 20;
  private static final int SEEDS_FOR_A_MUTANT = 60;

  @Test
  void nothingIsBrokenWhateverHappens() {
    List<String> broken = new ArrayList<>();
    int kills = 0;
    for (int seed = 1; seed <= SEEDS; seed++) {
      Schedule schedule = new Schedule(seed);
      for (Violation violation : schedule.run()) {
        broken.add("seed " + seed + ": " + violation);
      }
      kills += schedule.kills();
    }
    assertEquals(List.of(), broken);
    assertTrue(kills > SEEDS, kills + " kills");
  }

  @ParameterizedTest
  @EnumSource(
      value = Schedule.Rounds.class,
      names = {"LATE", "ASYNCHRONOUS"})
  void nothingIsBrokenWhereLateUpdatesCount(Schedule.Rounds rounds) {
    List<String> broken = new ArrayList<>();
    int kills = 0;
    long late = 0;
    for (int seed = 1; seed <= SEEDS / 2; seed++) {
      Schedule schedule = new Schedule(seed, rounds);
      for (Violation violation : schedule.run()) {
        broken.add("seed " + seed + ": " + violation);
      }
      kills += schedule.kills();
      late += schedule.late();
    }
    assertEquals(List.of(), broken);
    assertTrue(kills > SEEDS / 2, kills + " kills");
    assertTrue(late > SEEDS / 4, late + " late updates in models");
  }

  @Test
  void aSeedGivesTheSameRunAgain() {
    Schedule first = new Schedule(7);
    Schedule again = new Schedule(7);
    Schedule other = new Schedule(8);
    assertEquals(List.of(), first.run());
    assertEquals(List.of(), again.run());
    assertEquals(List.of(), other.run());
    assertEquals(first.kills(), again.kills());
    Digest trace = first.trace();
    assertEquals(trace, again.trace());
    assertNotEquals(trace, other.trace());
  }

  @ParameterizedTest
  @EnumSource(Mutant.class)
  void eachBugIsFound(Mutant mutant) {
    for (int seed = 1; seed <= SEEDS_FOR_A_MUTANT; seed++) {
      List<Violation> found = new Schedule(seed, mutant).run();
      if (!found.isEmpty()) {
        return;
      }
    }
    throw new AssertionError("no schedule finds " + mutant);
  }
}
