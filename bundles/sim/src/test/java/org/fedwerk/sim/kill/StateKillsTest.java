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
  private static final RecordType COMPLETE = new RecordType("coordinator/<task>/rounds", 3);
  private static final RecordType FOLDED = new RecordType("coordinator/<task>/rounds", 8);
  private static final RecordType VERSION = new RecordType("coordinator/<task>/history", 2);
  private static final RecordType PERSONAL = new RecordType("site/personal", 1);
  private static final RecordType CHUNKS = new RecordType("site/chunks", 1);
  private static final RecordType POSITION = new RecordType("site/positions", 1);
  private static final RecordType READ = new RecordType("site/manifests", 1);
  private static final RecordType NORMALISED = new RecordType("site/deployments", 2);
  private static final RecordType DEPLOYED = new RecordType("site/deployments", 4);
  private static final RecordType REPLY = new RecordType("site/outbox", 1);

  /** Phases of two rounds of training. */
  private static final int BEFORE_THE_SEARCH = 4;

  /** Of so many points at the coordinator, which meet all three moments, one is taken over. */
  private static final int TAKEN_OVER = 4;

  /** The first of a kind that has one before it. */
  private static final int SECOND = 2;

  private static final VirtualKills KILLS = new VirtualKills();

  private static List<Point> points(Scenario scenario, RecordType... types) {
    return KILLS.points(scenario, Set.of(types)).stream()
        .filter(point -> point.nth() == SECOND)
        .toList();
  }

  @Test
  void aServerOptimizersStateIsThatOfItsVersionWhereverTheCoordinatorIsKilled() {
    List<Point> points = points(Scenario.ADAPTIVE, FOLDED, VERSION);
    assertTrue(points.size() == 6, points.toString());
    List<String> mismatches = new ArrayList<>();
    for (Point point : points) {
      mismatches.addAll(KILLS.mismatches(Scenario.ADAPTIVE, point, false));
      mismatches.addAll(KILLS.takeover(Scenario.ADAPTIVE, point, false));
    }
    assertEquals(List.of(), mismatches);
  }

  @Test
  void whatStaysAtASiteCountsOnceWhereverTheSiteIsKilled() {
    List<String> mismatches = new ArrayList<>();
    for (Scenario scenario : List.of(Scenario.PERSONAL, Scenario.SPARSE)) {
      List<Point> points = points(scenario, PERSONAL, REPLY);
      assertTrue(points.size() == 18, points.toString());
      for (Point point : points) {
        mismatches.addAll(KILLS.mismatches(scenario, point, false));
      }
    }
    assertEquals(List.of(), mismatches);
  }

  @Test
  void anUpdateInFactorsIsTheSameBytesAgainWhereverItsSiteIsKilled() {
    List<Point> points = points(Scenario.LOW_RANK, PERSONAL, CHUNKS, REPLY);
    assertTrue(points.size() >= 18, points.toString());
    List<String> mismatches = new ArrayList<>();
    for (Point point : points) {
      mismatches.addAll(KILLS.mismatches(Scenario.LOW_RANK, point, false));
    }
    assertEquals(List.of(), mismatches);
  }

  /**
   * What a site's factors leave out and what the coordinator's change leaves out are two things:
   * each counts once, whoever is killed.
   */
  @Test
  void factorsOnTheWayUpAndChangesOnTheWayDownComeToTheSameModelsWhoeverIsKilled() {
    assertEquals(
        List.of(),
        mismatches(Scenario.LOW_RANK_CHANGES, Set.of(PERSONAL, CHUNKS, DEPLOYED, REPLY)));
  }

  @Test
  void whoseModelIsWhoseStaysWhereverSomebodyIsKilled() {
    List<String> mismatches = new ArrayList<>();
    List<Point> coordinators = points(Scenario.SPLIT, FOLDED, VERSION);
    assertTrue(coordinators.size() == 6, coordinators.toString());
    for (Point point : coordinators) {
      mismatches.addAll(KILLS.mismatches(Scenario.SPLIT, point, false));
      mismatches.addAll(KILLS.takeover(Scenario.SPLIT, point, false));
    }
    for (Point point : points(Scenario.SPLIT, PERSONAL, POSITION, REPLY)) {
      mismatches.addAll(KILLS.mismatches(Scenario.SPLIT, point, false));
    }
    assertEquals(List.of(), mismatches);
  }

  /** The same figures, and nothing of what was judged is left or missing. */
  @Test
  void whatSitesAddIsFoundAlikeWhereverSomebodyIsKilled() {
    List<Point> coordinator =
        KILLS.points(Scenario.CONTRIBUTION, Set.of(FOLDED, VERSION)).stream()
            .filter(point -> point.nth() > BEFORE_THE_SEARCH || point.type().equals(VERSION))
            .toList();
    assertTrue(coordinator.size() > 30, coordinator.toString());
    List<String> mismatches = new ArrayList<>();
    for (int i = 0; i < coordinator.size(); i++) {
      mismatches.addAll(KILLS.mismatches(Scenario.CONTRIBUTION, coordinator.get(i), false));
      if (i % TAKEN_OVER == 0) {
        mismatches.addAll(KILLS.takeover(Scenario.CONTRIBUTION, coordinator.get(i), false));
      }
    }
    List<Point> site =
        KILLS.points(Scenario.CONTRIBUTION, Set.of(POSITION, REPLY)).stream()
            .filter(point -> point.actor().equals("a") && point.nth() > BEFORE_THE_SEARCH)
            .toList();
    assertTrue(site.size() > 40, site.toString());
    for (int i = 0; i < site.size(); i += 2) {
      mismatches.addAll(KILLS.mismatches(Scenario.CONTRIBUTION, site.get(i), false));
    }
    assertEquals(List.of(), mismatches);
  }

  @Test
  void statisticsAreMergedOnceWhereverSomebodyIsKilled() {
    List<String> mismatches = new ArrayList<>();
    for (Point point : KILLS.points(Scenario.STANDARDISED, Set.of(COMPLETE, FOLDED, VERSION))) {
      if (point.nth() <= SECOND) {
        mismatches.addAll(KILLS.mismatches(Scenario.STANDARDISED, point, false));
        mismatches.addAll(KILLS.takeover(Scenario.STANDARDISED, point, false));
      }
    }
    List<Point> sites =
        KILLS.points(Scenario.STANDARDISED, Set.of(NORMALISED, DEPLOYED, REPLY, READ)).stream()
            .filter(point -> point.actor().equals("a"))
            .toList();
    assertTrue(sites.size() > 20, sites.toString());
    for (Point point : sites) {
      mismatches.addAll(KILLS.mismatches(Scenario.STANDARDISED, point, false));
    }
    assertEquals(List.of(), mismatches);
  }

  /** Each site has the same model at the end, and its rest is that of its version. */
  @Test
  void sitesMakeTheCommittedModelsOfCodedChangesWhereverSomebodyIsKilled() {
    assertEquals(
        List.of(), mismatches(Scenario.CHANGES, Set.of(CHUNKS, POSITION, DEPLOYED, REPLY)));
  }

  /** Of kills and takeovers where the coordinator makes a version, and of kills of a site. */
  private static List<String> mismatches(Scenario scenario, Set<RecordType> ofSite) {
    List<String> mismatches = new ArrayList<>();
    List<Point> coordinators = points(scenario, FOLDED, VERSION);
    assertTrue(coordinators.size() == 6, coordinators.toString());
    for (Point point : coordinators) {
      mismatches.addAll(KILLS.mismatches(scenario, point, false));
      mismatches.addAll(KILLS.takeover(scenario, point, false));
    }
    List<Point> sites =
        KILLS.points(scenario, ofSite).stream().filter(point -> point.actor().equals("a")).toList();
    assertTrue(sites.size() > 30, sites.toString());
    for (Point point : sites) {
      mismatches.addAll(KILLS.mismatches(scenario, point, false));
    }
    return mismatches;
  }
}
