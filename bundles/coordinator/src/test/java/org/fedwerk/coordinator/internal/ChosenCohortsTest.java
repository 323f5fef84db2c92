// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.fedwerk.api.coordinator.Coordination.RoundRecord;
import org.fedwerk.api.model.ModelVersion;
import org.junit.jupiter.api.Test;

class ChosenCohortsTest {
  private static final String HALF = "press 5 2 0.5";

  private static Bench bench() {
    return new Bench("east", "north", "south", "west");
  }

  private static List<List<String>> cohorts(Bench bench) {
    assertEquals("finished", bench.facts().run().state());
    return bench.facts().rounds().stream().map(RoundRecord::cohort).toList();
  }

  private static List<String> digests(Bench bench) {
    return bench.facts().models().stream().map(ModelVersion::digest).map(Object::toString).toList();
  }

  @Test
  void halfOfTheSitesTakePartAndEachRoundIsAnotherHalf() throws Exception {
    Bench bench = bench();
    bench.submit(HALF);
    bench.settle();
    Set<List<String>> different = new HashSet<>(cohorts(bench));
    assertEquals(
        List.of(2, 2, 2, 2, 2, 4),
        cohorts(bench).stream().map(List::size).toList(),
        "test and deployment are for all");
    assertTrue(different.size() > 1, different.toString());
    for (ScriptedSite site : bench.sites.values()) {
      assertEquals(bench.facts().rounds().get(5).model(), site.deployed, "also of " + site.id);
    }
  }

  @Test
  void aKillAtAnyRecordChangesNeitherCohortsNorModels() throws Exception {
    Bench undisturbed = bench();
    undisturbed.submit(HALF);
    undisturbed.settle();
    int kills = 0;
    for (int appends = 0; ; appends++) {
      Bench bench = bench();
      bench.submit(HALF);
      bench.storage.appendsLeft = appends;
      try {
        bench.settle();
      } catch (MemoryStorage.Killed killed) {
        kills++;
      }
      bench.storage.appendsLeft = -1;
      if (bench.facts().run().state().equals("finished")) {
        break;
      }
      bench.restart();
      bench.settle();
      assertEquals(cohorts(undisturbed), cohorts(bench), "killed before append " + appends);
      assertEquals(digests(undisturbed), digests(bench), "killed before append " + appends);
    }
    assertTrue(kills > 20, "only " + kills + " points were tried");
  }

  @Test
  void twoTasksAtOnceGiveTheModelsThatEachGivesAlone() throws Exception {
    List<List<String>> alone = new java.util.ArrayList<>();
    for (String yaml : List.of("press 3 2", "drill 3 2")) {
      Bench bench = new Bench("east", "north");
      bench.submit(yaml);
      bench.settle();
      alone.add(digests(bench));
    }
    Bench both = new Bench("east", "north");
    both.submit("press 3 2");
    both.alsoFor("drill 3 2");
    both.submit("drill 3 2");
    for (int i = 0; i < 30; i++) {
      assertTrue(both.deliverOne());
    }
    both.restart();
    both.settle();
    assertEquals(
        alone,
        both.desk.snapshot().tasks().stream()
            .map(
                task ->
                    task.models().stream().map(ModelVersion::digest).map(Object::toString).toList())
            .toList());
    assertTrue(both.refusals.counts().isEmpty(), both.refusals.summary());
  }
}
