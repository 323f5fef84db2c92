// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.coordinator.Coordination.RoundRecord;
import org.fedwerk.api.model.ModelVersion;
import org.fedwerk.coordinator.internal.Snapshot.TaskFacts;
import org.fedwerk.task.internal.YamlTaskReader;
import org.junit.jupiter.api.Test;

/** Updates that come when their round has gone on, with sites of different speed. */
class LateUpdatesTest {
  private static final Duration LIMIT = Duration.ofHours(3);
  private static final String ROUNDS =
      "max: 6, least: 6, patience: 6, cohort-least: 2, quorum: 1, stall: 30s, longest: 30s";

  /** A federation whose site b takes so long for each job. */
  private record Run(VirtualFederation federation, Replies replies, String yaml) {
    static Run of(List<String> sites, Duration slow, String rounds) {
      VirtualFederation.Setup plain = VirtualFederation.Setup.plain();
      VirtualFederation federation =
          new VirtualFederation(
              new VirtualFederation.Setup(
                  sites,
                  plain.engine(),
                  plain.aggregator(),
                  plain.weather(),
                  site -> site.equals("b") ? slow : Duration.ofSeconds(1),
                  plain.watch(),
                  plain.storage(),
                  plain.link(),
                  plain.restart()));
      Replies replies = new Replies(federation.sealed(VirtualNetwork.COORDINATOR));
      federation.network().observe((from, address, payload) -> replies.sent(address, payload));
      String yaml = Bench.task(1, rounds);
      federation.start();
      federation.submit(yaml);
      return new Run(federation, replies, yaml);
    }

    TaskFacts task() {
      return federation.tasks().get(0);
    }

    Run finished() throws RefusedException {
      assertTrue(
          federation.run(
              LIMIT,
              () ->
                  federation.tasks().stream()
                      .anyMatch(each -> each.run().state().equals("finished"))),
          () -> "tasks " + federation.tasks() + ", sites " + federation.sites());
      assertEquals(
          List.of(),
          replies.differences(new YamlTaskReader().read(yaml), task().rounds(), task().models()),
          "each model is the sum of exactly its updates, scaled by their staleness");
      assertEquals(List.of(), replies.contradictions());
      return this;
    }

    Map<Integer, List<String>> contributors() {
      Map<Integer, List<String>> all = new TreeMap<>();
      task().models().forEach(model -> all.put(model.version(), model.contributors()));
      return all;
    }

    List<String> late() {
      List<String> late = new ArrayList<>();
      contributors()
          .values()
          .forEach(each -> each.stream().filter(name -> name.contains("@")).forEach(late::add));
      return late;
    }
  }

  @Test
  void aSlowSitesUpdateCountsInALaterRoundWithItsStaleness() throws RefusedException {
    Run run =
        Run.of(List.of("a", "b"), Duration.ofSeconds(32), ROUNDS + ", late: staleness").finished();
    assertEquals(List.of("a"), run.contributors().get(1), "the first round went on without it");
    assertEquals(List.of("a", "b@1"), run.contributors().get(2));
    RoundRecord second = run.task().rounds().get(1);
    assertEquals(1, second.metrics().get("late.updates"));
    assertEquals(1, second.metrics().get("late.stalest"));
    assertEquals(0, run.task().rounds().get(0).metrics().get("late.updates"));
    assertEquals(run.late().size(), run.late().stream().distinct().count(), "each once");
  }

  @Test
  void withDropItDoesNotCountAndTheModelIsAnother() throws RefusedException {
    Run kept =
        Run.of(List.of("a", "b"), Duration.ofSeconds(32), ROUNDS + ", late: staleness").finished();
    Run dropped =
        Run.of(List.of("a", "b"), Duration.ofSeconds(32), ROUNDS + ", late: drop").finished();
    assertEquals(List.of(), dropped.late());
    assertEquals(List.of("a"), dropped.contributors().get(2));
    ModelVersion one = kept.task().models().get(2);
    ModelVersion other = dropped.task().models().get(2);
    assertNotEquals(one.digest(), other.digest());
  }

  @Test
  void anUpdateCountsOnlyWhileItIsFewEnoughVersionsBehind() throws RefusedException {
    Duration slow = Duration.ofSeconds(34);
    String late = ROUNDS + ", late: staleness, staleness: {most: ";
    Run taken = Run.of(List.of("a", "b"), slow, late + "2}").finished();
    assertEquals(List.of("a", "b@1"), taken.contributors().get(3));
    assertEquals(2, taken.task().rounds().get(2).metrics().get("late.stalest"));
    Run old = Run.of(List.of("a", "b"), slow, late + "1}").finished();
    assertFalse(old.late().contains("b@1"), old.late().toString());
  }

  @Test
  void anAsynchronousTaskMakesAVersionOfEachSoManyUpdatesAndWaitsForNobody()
      throws RefusedException {
    Run run =
        Run.of(
                List.of("a", "b", "c"),
                Duration.ofSeconds(20),
                "max: 12, least: 12, patience: 12, cohort-least: 2, stall: 1h, mode: asynchronous, buffer: 2")
            .finished();
    for (RoundRecord round : run.task().rounds()) {
      if (round.protocol().equals("train")) {
        assertEquals(2, run.contributors().get(round.round()).size(), round.toString());
        assertEquals(1, round.attempt());
      }
    }
    assertTrue(run.late().size() >= 2, run.contributors().toString());
    assertEquals(run.late().size(), run.late().stream().distinct().count(), "each once");
    RoundRecord first = run.task().rounds().get(0);
    assertEquals(List.of("a", "c"), run.contributors().get(1));
    assertTrue(first.duration().compareTo(Duration.ofSeconds(10)) < 0, first.toString());
  }

  @Test
  void aSiteThatComesLaterJoinsAnAsynchronousTaskAtOnce() throws RefusedException {
    Run run =
        Run.of(
            List.of("a", "b", "c"),
            Duration.ofSeconds(1),
            "max: 8, least: 8, patience: 8, cohort-least: 2, stall: 1h, mode: asynchronous, buffer: 2");
    run.federation().network().cut("c", true);
    run.federation().network().cut("b", true);
    var unused = run.federation().run(Duration.ofSeconds(30), () -> false);
    run.federation().network().cut("b", false);
    assertTrue(
        run.federation().run(LIMIT, () -> run.task().rounds().size() >= 2),
        () -> run.federation().tasks() + " " + run.federation().sites());
    run.federation().network().cut("c", false);
    assertTrue(
        run.federation()
            .run(
                LIMIT,
                () ->
                    run.contributors().values().stream()
                        .anyMatch(
                            each -> each.stream().map(ModelVersion::site).anyMatch("c"::equals))));
    run.finished();
  }
}
