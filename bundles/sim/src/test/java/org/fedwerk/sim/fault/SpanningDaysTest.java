// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.fedwerk.api.coordinator.Coordination.RoundRecord;
import org.fedwerk.api.model.ModelVersion;
import org.fedwerk.coordinator.internal.Snapshot.TaskFacts;
import org.junit.jupiter.api.Test;

/** Rounds with sites whose owners let them work at certain times, or for so many rounds a day. */
class SpanningDaysTest {
  private static final Duration LIMIT = Duration.ofHours(12);

  /** Virtual time begins at midnight; a training takes a minute, at site c ten. */
  private static VirtualFederation federation(String hours, String zone, int perDay) {
    VirtualFederation.Setup plain = VirtualFederation.Setup.plain();
    VirtualFederation federation =
        new VirtualFederation(
            new VirtualFederation.Setup(
                plain.sites(),
                plain.engine(),
                plain.aggregator(),
                plain.weather(),
                site -> Duration.ofMinutes(site.equals("c") ? 10 : 1),
                plain.watch(),
                plain.storage(),
                plain.link(),
                plain.restart()));
    federation.policy("c", settings -> settings.withRounds(hours, zone, perDay));
    federation.start();
    return federation;
  }

  private static boolean is(VirtualFederation federation, String state, int round, String phase) {
    return federation.tasks().stream()
        .anyMatch(
            task ->
                task.run().state().equals(state)
                    && task.run().round() == round
                    && task.run().phase().equals(phase));
  }

  private static void await(VirtualFederation federation, BooleanSupplier until) {
    assertTrue(
        federation.run(LIMIT, until),
        () -> "tasks " + federation.tasks() + ", sites " + federation.sites());
  }

  private static TaskFacts task(VirtualFederation federation) {
    return federation.tasks().get(0);
  }

  private static List<String> contributors(VirtualFederation federation, int version) {
    return task(federation).models().stream()
        .filter(model -> model.version() == version)
        .map(ModelVersion::contributors)
        .findFirst()
        .orElseThrow();
  }

  private static String waiting(VirtualFederation federation) {
    Map<String, String> waiting = task(federation).run().waitingFor();
    assertEquals(List.of("c"), List.copyOf(waiting.keySet()));
    return waiting.get("c");
  }

  @Test
  void aRoundWaitsForASiteUntilTheNextDayAlsoOverARestartOfTheCoordinator() {
    // Where site c is it is 23:30 when virtual time begins; its hours begin anew on the next day.
    VirtualFederation federation = federation("00:30-23:35", "-00:30", 0);
    federation.submit(
        Bench.task(1, "max: 1, least: 1, patience: 5, cohort-least: 3, quorum: 3, stall: 2d"));
    await(federation, () -> is(federation, "running", 1, "train"));
    // The hours of site c end before its training of ten minutes does.
    await(federation, () -> now(federation).isAfter(at("2026-01-01T00:30:00Z")));
    String hours = "not willing: outside this site's hours for rounds, 00:30-23:35 -00:30";
    assertTrue(waiting(federation).contains(hours), waiting(federation));

    federation.kill(VirtualNetwork.COORDINATOR);
    federation.start();
    await(federation, () -> is(federation, "running", 1, "train"));
    await(federation, () -> now(federation).isAfter(at("2026-01-01T00:59:00Z")));
    assertTrue(is(federation, "running", 1, "train"));

    await(federation, () -> is(federation, "finished", 2, ""));
    RoundRecord first = task(federation).rounds().get(0);
    assertEquals(1, first.attempt());
    assertEquals(Map.of(), first.missing());
    assertEquals(List.of("a", "b", "c"), contributors(federation, 1));
    assertTrue(first.duration().compareTo(Duration.ofMinutes(60)) > 0, first.toString());
    assertTrue(now(federation).isAfter(at("2026-01-01T01:00:00Z")), now(federation).toString());
    assertTrue(now(federation).isBefore(at("2026-01-01T01:45:00Z")), now(federation).toString());
  }

  @Test
  void aSiteWhoseHoursBeginLaterJoinsTheRoundsThatAreRunThen() {
    VirtualFederation federation = federation("00:20-08:00", "UTC", 0);
    federation.submit(
        Bench.task(1, "max: 30, least: 30, patience: 30, cohort-least: 2, quorum: 2, stall: 10m"));
    await(federation, () -> now(federation).isAfter(at("2026-01-01T00:19:00Z")));
    assertEquals(List.of("a", "b"), contributors(federation, 1));
    assertEquals(List.of("a", "b"), task(federation).rounds().get(0).cohort());
    await(federation, () -> now(federation).isAfter(at("2026-01-01T01:00:00Z")));
    List<RoundRecord> rounds = task(federation).rounds();
    assertEquals(List.of("a", "b", "c"), rounds.get(rounds.size() - 1).cohort());
    assertEquals(List.of("a", "b", "c"), contributors(federation, rounds.size()));
  }

  @Test
  void aSiteWithACapTakesSoManyRoundsADayAndIsNamedWithWhatItWaitsFor() {
    // Where the site is it is 22:00 when virtual time begins.
    VirtualFederation federation = federation("", "-02:00", 3);
    federation.submit(
        Bench.task(1, "max: 5, least: 5, patience: 5, cohort-least: 3, quorum: 3, stall: 1h"));
    await(federation, () -> is(federation, "waiting for sites", 4, ""));
    String policy = "not willing: policy, 3 of 3 rounds today, next 00:00 -02:00";
    assertEquals(policy, waiting(federation));
    await(federation, () -> now(federation).isAfter(at("2026-01-01T01:59:00Z")));
    assertEquals(policy, waiting(federation));
    assertEquals(3, task(federation).rounds().size());

    await(federation, () -> is(federation, "finished", 6, ""));
    assertTrue(now(federation).isBefore(at("2026-01-01T04:00:00Z")), now(federation).toString());
    for (int version = 1; version <= 5; version++) {
      assertEquals(List.of("a", "b", "c"), contributors(federation, version));
    }
  }

  private static Instant now(VirtualFederation federation) {
    return federation.time().clock().instant();
  }

  private static Instant at(String time) {
    return Instant.parse(time);
  }
}
