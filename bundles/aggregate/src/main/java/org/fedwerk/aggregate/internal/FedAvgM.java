// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.aggregate.internal;

import org.fedwerk.api.aggregate.ServerOptimizer;
import org.fedwerk.api.task.StrategySpec;
import org.osgi.service.component.annotations.Component;

/**
 * Momentum at the server (Hsu et al. 2019, Measuring the Effects of Non-Identical Data
 * Distribution): v = beta1 v + d, x' = x + rate v.
 */
@Component(service = ServerOptimizer.class)
public final class FedAvgM implements ServerOptimizer {
  @Override
  public String name() {
    return "fedavgm";
  }

  @Override
  public int vectors() {
    return 1;
  }

  @Override
  public double[] step(StrategySpec.Server spec, double[] delta, float[][] state) {
    float[] velocity = state[0];
    double[] step = new double[delta.length];
    for (int i = 0; i < delta.length; i++) {
      double v = spec.beta1() * velocity[i] + delta[i];
      velocity[i] = (float) v;
      step[i] = spec.rate() * v;
    }
    return step;
  }
}
