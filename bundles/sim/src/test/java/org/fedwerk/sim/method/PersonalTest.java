// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.method;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.fedwerk.aggregate.internal.FedAvg;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is done at the sites, and what stays there, where they want different models. */
@Timeout(120)
class PersonalTest {
  /** Elements of dense1, which come before those of dense2. */
  private static final int BODY = 15;

  private static double mean(float[] vector, int from, int to) {
    double sum = 0;
    for (int i = from; i < to; i++) {
      sum += vector[i];
    }
    return sum / (to - from);
  }

  /** Karimireddy et al. 2020: many local steps on unlike losses lead averaging astray. */
  @Test
  void scaffoldComesToTheMinimumThatClientDriftHidesFromAveraging() {
    double[] came = new double[2];
    for (int i = 0; i < 2; i++) {
      QuadraticEngine flat = new QuadraticEngine(-1, 10, 0.2);
      QuadraticEngine steep = new QuadraticEngine(3, 10, 2);
      String local = i == 0 ? "" : "local: {scaffold: on}\n";
      TwoSites.run(new FedAvg(), local, 60, flat, steep);
      came[i] = mean(flat.start(), 0, flat.start().length);
    }
    double minimum = (0.2 * -1 + 2 * 3) / 2.2;
    assertTrue(Math.abs(came[0] - minimum) > 0.2, "averaging drifts, to " + came[0]);
    assertEquals(minimum, came[1], 0.01);
  }

  /**
   * Li et al. 2020, FedProx: at the end of many local steps each site is where c (x - m) + mu (x -
   * x_global) = 0, so the sites meet at the mean of their minima weighted by c / (c + mu), nearer
   * that of the summed loss the larger mu is.
   */
  @Test
  void proximalTermsPullSitesBackToTheGlobalModel() {
    double[] drifts = new double[3];
    double[] pulls = {0, 0.5, 4};
    for (int i = 0; i < pulls.length; i++) {
      QuadraticEngine flat = new QuadraticEngine(-1, 300, 0.2);
      QuadraticEngine steep = new QuadraticEngine(3, 300, 2);
      TwoSites.run(new FedAvg(), ", proximal: " + pulls[i], "", 40, flat, steep);
      double came = mean(flat.start(), 0, flat.start().length);
      double ofFlat = 0.2 / (0.2 + pulls[i]);
      double ofSteep = 2 / (2 + pulls[i]);
      assertEquals((ofFlat * -1 + ofSteep * 3) / (ofFlat + ofSteep), came, 0.05, "mu " + pulls[i]);
      drifts[i] = Math.abs((0.2 * -1 + 2 * 3) / 2.2 - came);
    }
    assertTrue(drifts[1] < 0.6 * drifts[0] && drifts[2] < 0.3 * drifts[1], Arrays.toString(drifts));
  }

  /** Arivazhagan et al. 2019, and Collins et al. 2021 with the head trained first. */
  @Test
  void layersThatStayBecomeEachSitesOwnAndTheOthersAreShared() {
    for (String headEpochs : new String[] {"0", "2"}) {
      QuadraticEngine a = new QuadraticEngine(-1, 10, 0.5);
      QuadraticEngine b = new QuadraticEngine(3, 10, 0.5);
      String local = "local: {layers: [dense2], head-epochs: " + headEpochs + "}\n";
      TwoSites.run(new FedAvg(), local, 20, a, b);
      int size = a.judged().length;
      assertEquals(-1, mean(a.judged(), BODY, size), 0.01, headEpochs);
      assertEquals(3, mean(b.judged(), BODY, size), 0.01, headEpochs);
      assertEquals(1, mean(a.judged(), 0, BODY), 0.05, headEpochs);
      assertEquals(1, mean(b.judged(), 0, BODY), 0.05, headEpochs);
    }
  }

  /**
   * Collins et al. 2021, algorithm 1: in each round the head makes its own epochs on the body that
   * came, then the body makes its own on that head. All layers at once would give the head a
   * quarter of the steps.
   */
  @Test
  void fedRepTrainsTheHeadFirstAndForItsOwnEpochs() {
    float[] first = headsFirst(1).start();
    QuadraticEngine a = headsFirst(2);
    for (int i = BODY; i < first.length; i++) {
      // 4 epochs of 10 steps in the first round, as much again in the second.
      double expected = -1 + (first[i] + 1) * Math.pow(1 - 0.1 * 0.05, 40);
      assertEquals(expected, a.start()[i], 1e-4, "head that the body's training began with");
    }
    assertEquals(
        List.of(Set.of("dense2.weight", "dense2.bias"), Set.of("dense1.weight", "dense1.bias")),
        a.trained().subList(0, 2));
    assertEquals(4, a.trained().size(), a.trained().toString());
  }

  private static QuadraticEngine headsFirst(int rounds) {
    QuadraticEngine a = new QuadraticEngine(-1, 10, 0.05);
    QuadraticEngine b = new QuadraticEngine(3, 10, 0.05);
    TwoSites.run(new FedAvg(), "local: {layers: [dense2], head-epochs: 4}\n", rounds, a, b);
    return a;
  }

  /** A global model with local nuance: its last layer goes on to the site's own minimum. */
  @Test
  void fineTuningMovesTheLastLayersOfWhatASiteDeploysAndNothingOfWhatItShares() {
    QuadraticEngine a = new QuadraticEngine(-1, 10, 0.5);
    QuadraticEngine b = new QuadraticEngine(3, 10, 0.5);
    String local = "local: {fine-tune: {layers: 1, epochs: 10, rate: 0.1}}\n";
    TwoSites.run(new FedAvg(), local, 20, a, b);
    int size = a.judged().length;
    assertEquals(-1, mean(a.judged(), BODY, size), 0.05);
    assertEquals(3, mean(b.judged(), BODY, size), 0.05);
    assertEquals(1, mean(a.judged(), 0, BODY), 0.05);
  }

  /** Li et al. 2021: the personal model lies between the site's own and the global one. */
  @Test
  void dittosModelLiesBetweenTheSitesMinimumAndTheGlobalModel() {
    double[] came = new double[2];
    double[] lambdas = {0.1, 1};
    for (int i = 0; i < 2; i++) {
      QuadraticEngine a = new QuadraticEngine(-1, 10, 0.5);
      QuadraticEngine b = new QuadraticEngine(3, 10, 0.5);
      TwoSites.run(new FedAvg(), "local: {ditto: " + lambdas[i] + "}\n", 30, a, b);
      came[i] = mean(a.judged(), 0, a.judged().length);
      assertEquals(1, mean(a.start(), 0, a.start().length), 0.05, "the global model");
      // c (v - m) + lambda (v - x) = 0
      double expected = (0.5 * -1 + lambdas[i] * 1) / (0.5 + lambdas[i]);
      assertEquals(expected, came[i], 0.03);
    }
    assertTrue(came[0] < came[1], Arrays.toString(came));
  }
}
