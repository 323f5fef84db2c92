// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.method;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.fedwerk.aggregate.internal.FedAvg;
import org.fedwerk.sim.fault.VirtualFederation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What clusters do to sites that want different models (Ghosh et al. 2020, IFCA). */
@Timeout(120)
class ClustersTest {
  private static final String TWO = "local: {clusters: 2}\n";

  private static double mean(float[] vector) {
    double sum = 0;
    for (float value : vector) {
      sum += value;
    }
    return sum / vector.length;
  }

  static Map<String, Double> newest(VirtualFederation federation) {
    return federation.tasks().get(0).rounds().stream()
        .filter(round -> round.metrics().containsKey("cluster.a"))
        .reduce((first, second) -> second)
        .orElseThrow()
        .metrics();
  }

  private static String newestCard(VirtualFederation federation) {
    return federation.tasks().get(0).versions().stream()
        .reduce((first, second) -> second)
        .orElseThrow()
        .card();
  }

  @Test
  void sitesThatWantDifferentModelsEachGetTheirOwnAndItIsShownWhose() {
    QuadraticEngine a = new QuadraticEngine(-1, 10, 0.5);
    QuadraticEngine b = new QuadraticEngine(3, 10, 0.5);
    VirtualFederation federation = TwoSites.run(new FedAvg(), TWO, 20, a, b);
    assertEquals(-1, mean(a.judged()), 0.01);
    assertEquals(3, mean(b.judged()), 0.01);
    Map<String, Double> shown = newest(federation);
    assertNotEquals(shown.get("cluster.a"), shown.get("cluster.b"), shown.toString());
    for (String site : List.of("a", "b")) {
      String here = federation.tasks(site).get(0).running();
      long cluster = Math.round(shown.getOrDefault("cluster." + site, Double.NaN));
      assertTrue(here.contains(", cluster " + cluster + " of 2"), site + " runs " + here);
    }
    assertFalse(newestCard(federation).contains("no site took cluster"), newestCard(federation));
  }

  @Test
  void codedChangesDownAndRoundedUpdatesUpReachEachCluster() {
    QuadraticEngine a = new QuadraticEngine(-1, 10, 0.5);
    QuadraticEngine b = new QuadraticEngine(3, 10, 0.5);
    String coded = "compression: {precision: int8, zstd: on, down: {precision: int8, zstd: on}}\n";
    TwoSites.run(new FedAvg(), TWO + coded, 30, a, b);
    assertEquals(-1, mean(a.judged()), 0.05);
    assertEquals(3, mean(b.judged()), 0.05);
  }

  @Test
  void sitesThatWantTheSameModelShareOneAndWeighInItByTheirExamples() {
    QuadraticEngine a = new QuadraticEngine(2, 10, 0.5);
    QuadraticEngine b = new QuadraticEngine(2.5, 10, 0.5);
    VirtualFederation federation = TwoSites.run(new FedAvg(), TWO, 20, a, b);
    Map<String, Double> shown = newest(federation);
    assertEquals(shown.get("cluster.a"), shown.get("cluster.b"), shown.toString());
    assertEquals(2.25, mean(a.judged()), 0.02);
    assertEquals(2.25, mean(b.judged()), 0.02);
    long other = 3 - Math.round(shown.getOrDefault("cluster.a", Double.NaN));
    String card = newestCard(federation);
    assertTrue(
        card.contains("- no site took cluster " + other + ", so nobody trained its model;"), card);
  }
}
