// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.method;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.fedwerk.api.coordinator.Coordination.RoundRecord;
import org.fedwerk.sim.fault.Bench;
import org.fedwerk.sim.fault.VirtualFederation;
import org.fedwerk.sim.fault.VirtualFederation.Setup;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Sites that are away when the coordinator parts the others, or come for the first time then. Each
 * wants 2 or 4 everywhere; c and d want what the site wants that goes, and not the one that stays.
 */
@Timeout(120)
class PartedSitesTest {
  private static final Duration LIMIT = Duration.ofHours(2);
  private static final int ROUNDS = 30;
  private static final String TASK =
      Bench.task(
          1,
          "metric: loss, patience: 1000, cohort-least: 2, quorum: 2, stall: 10s, max: "
              + ROUNDS
              + ", least: "
              + ROUNDS,
          "local: {clusters: 3, split: {largest: 0.2}}\n");

  private final Map<String, QuadraticEngine> engines = new TreeMap<>();
  private VirtualFederation federation = begun();

  @AfterEach
  void end() {
    federation.close();
  }

  /** Two rounds of a, b and c, and then without c. */
  private VirtualFederation begun() {
    for (String site : List.of("a", "b", "c", "d")) {
      engines.put(site, new QuadraticEngine(site.equals("a") ? 2 : 4, 10, 0.5));
    }
    Setup plain = Setup.plain();
    VirtualFederation begun =
        new VirtualFederation(
            new Setup(
                List.copyOf(engines.keySet()),
                engines::get,
                plain.aggregator(),
                plain.weather(),
                plain.work(),
                plain.watch(),
                plain.storage(),
                plain.link(),
                plain.restart()));
    for (String actor : List.of("hq", "a", "b", "c")) {
      begun.start(actor);
    }
    begun.submit(TASK);
    return begun;
  }

  private void until(BooleanSupplier holds) {
    assertTrue(federation.run(LIMIT, holds), federation.tasks() + " " + federation.sites());
  }

  private List<RoundRecord> rounds() {
    return federation.tasks().isEmpty() ? List.of() : federation.tasks().get(0).rounds();
  }

  private double shown(String metric) {
    return rounds().stream()
        .map(RoundRecord::metrics)
        .filter(metrics -> metrics.containsKey(metric))
        .reduce((first, second) -> second)
        .map(metrics -> metrics.getOrDefault(metric, Double.NaN))
        .orElse(Double.NaN);
  }

  private boolean works(int round, String phase) {
    return federation.tasks().get(0).run().round() == round
        && federation.tasks().get(0).run().phase().equals(phase);
  }

  private void goesOnWithoutC() {
    until(() -> rounds().size() == 2);
    assertEquals(1.0, shown("clusters"));
    assertEquals(1.0, shown("cluster.c"));
    federation.kill("c");
  }

  /** The round that parts a and b, told by a federation of its own. */
  private int parting() {
    goesOnWithoutC();
    until(() -> shown("clusters") == 2);
    int round = rounds().get(rounds().size() - 1).round();
    federation.close();
    federation = begun();
    goesOnWithoutC();
    return round;
  }

  private void endsRight() {
    until(() -> federation.tasks().get(0).run().state().equals("finished"));
    assertEquals(2.0, shown("clusters"));
    assertEquals(1.0, shown("cluster.a"));
    assertEquals(2.0, shown("cluster.b"));
  }

  private static double mean(float[] vector) {
    double sum = 0;
    for (float value : vector) {
      sum += value;
    }
    return sum / vector.length;
  }

  /** In the round behind it both models are still equal, so that there is nothing to choose. */
  @Test
  void whoWasAwayAndIsThereInTheVeryNextRoundChoosesOnceTheModelsDiffer() {
    int parting = parting();
    until(() -> works(parting, "evaluate"));
    federation.start("c");
    until(() -> shown("clusters") == 2 && rounds().size() > parting);
    RoundRecord next = rounds().get(parting);
    assertEquals(List.of("a", "b", "c"), next.cohort());
    assertEquals(0.0, next.metrics().get("cluster.c"), next.toString());
    until(() -> rounds().size() > parting + 1);
    assertEquals(2.0, rounds().get(parting + 1).metrics().get("cluster.c"));
    endsRight();
    rounds().subList(parting + 1, rounds().size()).stream()
        .map(RoundRecord::metrics)
        .filter(metrics -> metrics.containsKey("cluster.c"))
        .forEach(metrics -> assertEquals(2.0, metrics.get("cluster.c")));
    assertEquals(4, mean(engines.get("c").judged()), 0.05);
  }

  @Test
  void whoIsNewLongAfterFindsItsModelAndKeepsIt() {
    goesOnWithoutC();
    until(() -> shown("clusters") == 2);
    int parted = rounds().size();
    until(() -> rounds().size() == parted + 3);
    federation.start("c");
    federation.start("d");
    endsRight();
    assertEquals(2.0, shown("cluster.c"));
    assertEquals(2.0, shown("cluster.d"));
    assertEquals(4, mean(engines.get("d").judged()), 0.05);
    assertEquals(2, mean(engines.get("a").judged()), 0.05);
  }
}
