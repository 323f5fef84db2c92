// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.fedwerk.api.coordinator.Coordination.RoundRecord;
import org.fedwerk.api.model.ModelVersion;
import org.fedwerk.api.status.ClockWatch;
import org.fedwerk.api.status.StatusLine;
import org.fedwerk.coordinator.internal.Snapshot.TaskFacts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Wall clocks that jump while a round runs, as they do when a time server is found or lost. */
class ClockJumpTest {
  private static final Duration LIMIT = Duration.ofHours(1);
  private static final String TASK =
      Bench.task(1, "max: 3, least: 3, patience: 5, cohort-least: 3, quorum: 3, stall: 10s");

  private static VirtualFederation running() {
    VirtualFederation federation = new VirtualFederation(VirtualFederation.Setup.plain());
    federation.start();
    federation.submit(TASK);
    return federation;
  }

  private static boolean finished(VirtualFederation federation) {
    return federation.tasks().stream().anyMatch(task -> task.run().state().equals("finished"));
  }

  private static List<String> models(VirtualFederation federation) {
    TaskFacts task = federation.tasks().get(0);
    return task.models().stream().map(ModelVersion::digest).map(Object::toString).toList();
  }

  @ParameterizedTest
  @ValueSource(ints = {60, -60})
  void aJumpInEveryPhaseChangesNoModelAndStallsNobody(int minutes) {
    VirtualFederation steady = running();
    assertTrue(steady.run(LIMIT, () -> finished(steady)));

    VirtualFederation jumping = running();
    String[] before = {""};
    int[] jumps = {0};
    assertTrue(
        jumping.run(
            LIMIT,
            () -> {
              String phase =
                  jumping.tasks().stream()
                      .map(task -> task.run().round() + task.run().phase())
                      .findFirst()
                      .orElse("");
              if (!phase.equals(before[0])) {
                before[0] = phase;
                jumps[0]++;
                jumping.time().jump(Duration.ofMinutes(minutes));
              }
              return finished(jumping);
            }));
    assertTrue(jumps[0] >= 8, jumps[0] + " jumps");
    assertEquals(models(steady), models(jumping));
    for (RoundRecord round : jumping.tasks().get(0).rounds()) {
      assertEquals(1, round.attempt(), round.toString());
      assertEquals(0, round.missing().size(), round.toString());
      assertTrue(round.duration().compareTo(Duration.ofMinutes(1)) < 0, round.toString());
    }
  }

  private static void names(VirtualFederation federation, String what) {
    for (String id : federation.ids()) {
      String detail = federation.clock(id).map(StatusLine::detail).orElse("nothing");
      assertTrue(detail.contains(what), id + " says " + detail);
    }
  }

  private static void saysNothing(VirtualFederation federation) {
    for (String id : federation.ids()) {
      assertEquals(Optional.empty(), federation.clock(id), id);
    }
  }

  private static void pass(VirtualFederation federation, Duration time) {
    assertFalse(federation.run(time, () -> false));
  }

  @Test
  void aJumpIsNamedByCoordinatorAndSitesUntilTheClockIsBack() {
    VirtualFederation federation = running();
    assertTrue(federation.run(LIMIT, () -> finished(federation)));
    saysNothing(federation);
    federation.time().jump(Duration.ofHours(1));
    pass(federation, Duration.ofSeconds(1));
    names(federation, "60 min ahead of the time since the start; check its time server (NTP)");
    federation.time().jump(Duration.ofHours(-1));
    pass(federation, Duration.ofSeconds(1));
    saysNothing(federation);
  }

  @Test
  void aJumpThatStaysIsNamedForAnHour() {
    VirtualFederation federation = running();
    pass(federation, Duration.ofSeconds(1));
    federation.time().jump(Duration.ofHours(-1));
    pass(federation, ClockWatch.NAMED.minusMinutes(1));
    names(federation, "60 min behind the time since the start");
    pass(federation, Duration.ofMinutes(2));
    saysNothing(federation);
  }
}
