// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.aggregate.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.fedwerk.api.aggregate.ServerOptimizer;
import org.fedwerk.api.task.StrategySpec;
import org.junit.jupiter.api.Test;

class ServerOptimizersTest {
  private static final StrategySpec.Server ADAM =
      new StrategySpec.Server("fedadam", 0.1, 0.9, 0.99, 1e-3);
  private static final StrategySpec.Server ADAGRAD =
      new StrategySpec.Server("fedadagrad", 0.1, 0, 0, 1e-3);

  private static final List<ServerOptimizer> ALL =
      List.of(new FedAvgM(), new FedAdagrad(), new FedAdam(), new FedYogi());

  private static double first(ServerOptimizer optimizer, StrategySpec.Server spec, double delta) {
    return optimizer.step(spec, new double[] {delta}, new float[optimizer.vectors()][1])[0];
  }

  /**
   * Design, algorithms, section Server optimizers. The numbers are those of the aggregate 7/3 that
   * the scalars of section Aggregators come to; of the aggregate 1 the formula gives 0.01 / 0.101
   * and 0.1 / 1.001.
   */
  @Test
  void takesTheFirstStepsOfTheDesign() {
    assertEquals(0.09957325746799425, first(new FedAdam(), ADAM, 7.0 / 3), 1e-15);
    assertEquals(0.09957325746799425, first(new FedYogi(), ADAM, 7.0 / 3), 1e-15);
    assertEquals(0.09995716121662146, first(new FedAdagrad(), ADAGRAD, 7.0 / 3), 1e-15);
    assertEquals(0.01 / 0.101, first(new FedAdam(), ADAM, 1), 1e-15);
    assertEquals(0.1 / 1.001, first(new FedAdagrad(), ADAGRAD, 1), 1e-15);
  }

  @Test
  void momentumWithoutMemoryAndWithRateOneIsAveraging() {
    StrategySpec.Server plain = new StrategySpec.Server("fedavgm", 1, 0, 0, 0);
    assertEquals(-2.5, first(new FedAvgM(), plain, -2.5), 0);
  }

  @Test
  void momentumGoesOnWhenUpdatesEnd() {
    StrategySpec.Server spec = new StrategySpec.Server("fedavgm", 0.5, 0.5, 0, 0);
    float[][] state = new float[1][1];
    double[] steps = new double[3];
    double[] deltas = {4, 4, 0};
    for (int i = 0; i < steps.length; i++) {
      steps[i] = new FedAvgM().step(spec, new double[] {deltas[i]}, state)[0];
    }
    assertArrayEquals(new double[] {2, 3, 1.5}, steps, 0);
  }

  /** Yogi lets the second moment fall by a bounded step where Adam's falls by a share. */
  @Test
  void adamForgetsALargeUpdateFasterThanYogi() {
    double[] last = new double[2];
    int at = 0;
    for (ServerOptimizer optimizer : List.of(new FedAdam(), new FedYogi())) {
      float[][] state = new float[2][1];
      for (int round = 0; round < 200; round++) {
        last[at] = optimizer.step(ADAM, new double[] {round == 0 ? 100 : 0.01}, state)[0];
      }
      at++;
    }
    assertTrue(last[0] > 2 * last[1], Arrays.toString(last));
  }

  @Test
  void aCutIntoRangesChangesNoBit() {
    Random random = new Random(3);
    double[] delta = random.doubles(10, -1, 1).toArray();
    for (ServerOptimizer optimizer : ALL) {
      float[][] whole = new float[optimizer.vectors()][10];
      float[][] left = new float[optimizer.vectors()][4];
      float[][] right = new float[optimizer.vectors()][6];
      for (int round = 0; round < 3; round++) {
        double[] expected = optimizer.step(ADAM, delta, whole);
        double[] a = optimizer.step(ADAM, Arrays.copyOfRange(delta, 0, 4), left);
        double[] b = optimizer.step(ADAM, Arrays.copyOfRange(delta, 4, 10), right);
        assertArrayEquals(Arrays.copyOfRange(expected, 0, 4), a, 0, optimizer.name());
        assertArrayEquals(Arrays.copyOfRange(expected, 4, 10), b, 0, optimizer.name());
      }
    }
  }

  /** What adaptive rates are for (Reddi et al. 2021, section 5): gradients of unequal size. */
  @Test
  void adaptiveStepsBringElementsOfUnlikeScaleForwardAlike() {
    for (ServerOptimizer optimizer : ALL.subList(1, ALL.size())) {
      double[] step =
          optimizer.step(ADAM, new double[] {10, 0.1}, new float[optimizer.vectors()][2]);
      assertTrue(step[0] < 1.2 * step[1], optimizer.name() + " " + Arrays.toString(step));
    }
  }
}
