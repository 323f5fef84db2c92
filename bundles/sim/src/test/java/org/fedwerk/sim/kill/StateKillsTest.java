// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.kill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.fedwerk.sim.fault.RecordType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Kills in runs whose later rounds depend on more than the model: the server optimizer's state, and
 * what stays at a site.
 */
@Timeout(300)
class StateKillsTest {
  private static final RecordType FOLDED = new RecordType("coordinator/<task>/rounds", 8);
  private static final RecordType VERSION = new RecordType("coordinator/<task>/history", 2);
  private static final RecordType PERSONAL = new RecordType("site/personal", 1);
  private static final RecordType REPLY = new RecordType("site/outbox", 1);

  private final VirtualKills kills = new VirtualKills();

  @Test
  void aServerOptimizersStateIsThatOfItsVersionWhereverTheCoordinatorIsKilled() {
    List<Point> points = kills.points(Scenario.ADAPTIVE, Set.of(FOLDED, VERSION));
    assertTrue(points.size() >= 24, points.toString());
    List<String> mismatches = new ArrayList<>();
    for (Point point : points) {
      mismatches.addAll(kills.mismatches(Scenario.ADAPTIVE, point, false));
      mismatches.addAll(kills.takeover(Scenario.ADAPTIVE, point, false));
    }
    assertEquals(List.of(), mismatches);
  }

  @Test
  void whatStaysAtASiteCountsOnceWhereverTheSiteIsKilled() {
    List<String> mismatches = new ArrayList<>();
    for (Scenario scenario : List.of(Scenario.PERSONAL, Scenario.SPARSE)) {
      List<Point> points = kills.points(scenario, Set.of(PERSONAL, REPLY));
      assertTrue(points.size() >= 36, points.toString());
      for (Point point : points) {
        mismatches.addAll(kills.mismatches(scenario, point, false));
      }
    }
    assertEquals(List.of(), mismatches);
  }
}
