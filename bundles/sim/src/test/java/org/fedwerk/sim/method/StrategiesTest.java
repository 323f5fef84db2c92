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
    QuadraticEngine a = new QuadraticEngine(4, 0, 1, 1e-3);
    QuadraticEngine b = new QuadraticEngine(6, 0, 1, 1e-3);
    TwoSites.run(new FedAvg(), strategy(strategy), 30, a, b);
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
