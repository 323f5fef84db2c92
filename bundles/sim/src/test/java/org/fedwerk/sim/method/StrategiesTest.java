// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.method;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.fedwerk.aggregate.internal.FedAvg;
import org.fedwerk.aggregate.internal.FedNova;
import org.fedwerk.aggregate.internal.QFedAvg;
import org.fedwerk.api.aggregate.Aggregator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What strategies do to sites that want different models: whole federations on virtual time. */
@Timeout(120)
class StrategiesTest {
  private static final String[] ADAPTIVE = {"fedadagrad", "fedadam", "fedyogi"};

  private static String strategy(String group) {
    return "strategy: {" + group + "}\n";
  }

  private static double mean(float[] vector) {
    double sum = 0;
    for (float value : vector) {
      sum += value;
    }
    return sum / vector.length;
  }

  /** Every second parameter's gradient is a thousandth of its neighbour's. */
  private static float[] afterThirtyRounds(String strategy) {
    return models(strategy, 30);
  }

  /** The model that the last of the rounds began with. */
  private static float[] models(String strategy, int rounds) {
    QuadraticEngine a = new QuadraticEngine(4, 0, 1, 1e-3);
    QuadraticEngine b = new QuadraticEngine(6, 0, 1, 1e-3);
    TwoSites.run(new FedAvg(), strategy(strategy), rounds, a, b);
    return a.start();
  }

  /** Reddi et al. 2021: adaptive rates move what plain averaging hardly does. */
  @Test
  void adaptiveServersBringParametersOfSmallGradientsForward() {
    float[] plain = afterThirtyRounds("aggregator: fedavg");
    assertTrue(plain[1] < 1.5, Arrays.toString(plain));
    for (String optimizer : ADAPTIVE) {
      float[] adaptive = afterThirtyRounds("optimizer: " + optimizer + ", rate: 0.5, tau: 0.0001");
      assertTrue(adaptive[1] > plain[1] + 1, optimizer + Arrays.toString(adaptive));
      assertEquals(5, adaptive[0], 1.5, optimizer);
    }
  }

  /**
   * Reddi et al. 2021, algorithm 2, done here by its text: what the three differ in is the second
   * moment, so none of them could stand for another.
   */
  @Test
  void theAdaptiveServersAreWhatTheirArticleSaysAndNotEachOther() {
    float[] start = models("optimizer: fedadam, rate: 0.5", 1);
    double[] came = new double[ADAPTIVE.length];
    for (int k = 0; k < ADAPTIVE.length; k++) {
      String half = ADAPTIVE[k].equals("fedadagrad") ? "" : ", beta2: 0.5";
      float[] model = models("optimizer: " + ADAPTIVE[k] + ", rate: 0.5, tau: 0.01" + half, 30);
      for (int i = 0; i < 2; i++) {
        double expected = served(ADAPTIVE[k], start[i], i == 0 ? 1 : 1e-3);
        assertEquals(expected, model[i], 0.01, ADAPTIVE[k] + ", element " + i);
      }
      came[k] = model[0];
    }
    for (int k = 0; k < came.length; k++) {
      int next = (k + 1) % came.length;
      assertTrue(Math.abs(came[k] - came[next]) > 0.2, Arrays.toString(came));
    }
  }

  /** A parameter after 29 steps of the server towards 5; sites make two local steps each. */
  private static double served(String optimizer, double start, double curvature) {
    double x = start;
    double m = 0;
    double v = 0;
    double beta1 = optimizer.equals("fedadagrad") ? 0 : 0.9;
    for (int round = 1; round < 30; round++) {
      double delta = (5 - x) * (1 - Math.pow(1 - 0.1 * curvature, 2));
      double square = delta * delta;
      m = beta1 * m + (1 - beta1) * delta;
      v =
          switch (optimizer) {
            case "fedadagrad" -> v + square;
            case "fedadam" -> 0.5 * v + 0.5 * square;
            default -> v - 0.5 * square * Math.signum(v - square);
          };
      x += 0.5 * m / (Math.sqrt(v) + 0.01);
    }
    return x;
  }

  /** Hsu et al. 2019: momentum adds up small steps of one direction. */
  @Test
  void serverMomentumIsFasterAlongASmallGradient() {
    float[] plain = afterThirtyRounds("aggregator: fedavg");
    float[] momentum = afterThirtyRounds("optimizer: fedavgm, beta1: 0.9");
    double first = plain[1];
    assertTrue(momentum[1] > first + 0.05, first + " and " + momentum[1]);
  }

  /** Wang et al. 2020: the busy site draws averages to itself, not normalised ones. */
  @Test
  void fedNovaTakesTheSideOfNoSiteThatMakesMoreSteps() {
    double[] came = new double[2];
    for (int i = 0; i < 2; i++) {
      QuadraticEngine idle = new QuadraticEngine(-1, 1, 0.2);
      QuadraticEngine busy = new QuadraticEngine(3, 2, 0.2);
      Aggregator rule = i == 0 ? new FedAvg() : new FedNova();
      TwoSites.run(rule, strategy("aggregator: " + rule.name()), 200, idle, busy);
      came[i] = mean(idle.start());
    }
    assertEquals(1.65, came[0], 0.1, "drawn to the busy site");
    assertEquals(1, came[1], 0.1, "the minimum of both sites' mean loss");
  }

  /** Li et al. 2020: the site that is served worst gains. */
  @Test
  void qFedAvgLowersTheLossOfTheSiteWithTheHighestOne() {
    double[] worst = new double[2];
    double[] spread = new double[2];
    for (int i = 0; i < 2; i++) {
      QuadraticEngine stiff = new QuadraticEngine(1, 0, 0.8);
      QuadraticEngine soft = new QuadraticEngine(-1, 0, 0.1);
      TwoSites.run(new QFedAvg(), strategy("aggregator: qfedavg, q: " + i), 150, stiff, soft);
      double[] losses = {stiff.loss(stiff.start()), soft.loss(soft.start())};
      worst[i] = Math.max(losses[0], losses[1]);
      spread[i] = Math.abs(losses[0] - losses[1]);
    }
    assertTrue(worst[1] < worst[0], Arrays.toString(worst));
    assertTrue(spread[1] < 0.7 * spread[0], Arrays.toString(spread));
  }
}
