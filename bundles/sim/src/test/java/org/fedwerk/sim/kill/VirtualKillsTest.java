// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.kill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.fedwerk.sim.fault.RecordType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class VirtualKillsTest {
  /** Of this many points of a type and actor the first stands for all; the profile takes each. */
  private static final int FIRST = 1;

  private final VirtualKills kills = new VirtualKills();

  @Test
  void theUndisturbedRunsWriteEveryRowAndNothingThatHasNone() {
    Set<RecordType> rows =
        Matrix.ROWS.stream().map(Row::type).collect(Collectors.toCollection(TreeSet::new));
    assertEquals(rows, kills.seen());
    kills
        .undisturbed()
        .forEach(
            (scenario, outcome) -> {
              assertEquals(List.of(), outcome.violations(), scenario.toString());
              assertTrue(
                  outcome.replies() >= 18, scenario + " had " + outcome.replies() + " replies");
            });
  }

  @Test
  void aKillAtTheFirstRecordOfEachTypeChangesNothing() {
    List<String> mismatches = new ArrayList<>();
    int points = 0;
    for (Scenario scenario : Scenario.values()) {
      for (Point point : kills.points(scenario)) {
        if (point.nth() <= FIRST) {
          points++;
          mismatches.addAll(kills.mismatches(scenario, point, points % 2 == 0));
        }
      }
    }
    assertTrue(points >= 3 * Matrix.ROWS.size(), points + " points");
    assertEquals(List.of(), mismatches);
  }

  @Test
  void whatARunWithNoiseWritesLastIsReachedThere() {
    List<Point> points = kills.points(Scenario.PLAIN, true);
    assertTrue(points.size() > 500, points.size() + " points");
    List<String> mismatches = new ArrayList<>();
    for (int i = 0; i < points.size(); i++) {
      Point point = points.get(i);
      boolean isLast =
          i + Moment.values().length >= points.size()
              || !points.get(i + Moment.values().length).type().equals(point.type());
      if (isLast && point.moment() == Moment.BEFORE_APPEND) {
        mismatches.addAll(kills.mismatches(Scenario.PLAIN, point, true));
      }
    }
    assertEquals(List.of(), mismatches);
  }

  @Test
  void noThreadOfASiteOutlivesItsRun() {
    long before = predicting();
    Point point =
        kills.points(Scenario.PREDICT).stream()
            .filter(each -> each.type().journal().contains("prediction"))
            .findFirst()
            .orElseThrow();
    assertEquals(List.of(), kills.mismatches(Scenario.PREDICT, point, false));
    assertEquals(before, predicting());
  }

  private static long predicting() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("fedwerk-site-predict"))
        .count();
  }

  @Test
  void aTakeoverAtTheFirstRecordOfEachTypeChangesNothingAndRepliesGoAgainByteForByte() {
    List<String> mismatches = new ArrayList<>();
    int points = 0;
    for (Scenario scenario : Scenario.values()) {
      for (Point point : kills.points(scenario)) {
        if (point.nth() <= FIRST && point.actor().equals("hq")) {
          points++;
          mismatches.addAll(kills.takeover(scenario, point, points % 2 == 0));
        }
      }
    }
    assertTrue(points > 40, points + " points");
    assertEquals(List.of(), mismatches);
  }

  @Test
  void effectsBeforeTheAppendAreSeen() {
    long seen =
        kills.points(Scenario.PLAIN).stream()
            .filter(point -> point.nth() <= FIRST && point.moment() == Moment.AFTER_EFFECT)
            .filter(point -> point.type().journal().equals("site/outbox"))
            .filter(point -> !kills.control(point).isEmpty())
            .count();
    assertFalse(seen == 0);
  }
}
