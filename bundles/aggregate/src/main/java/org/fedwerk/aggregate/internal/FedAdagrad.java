// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.aggregate.internal;

import org.fedwerk.api.aggregate.ServerOptimizer;
import org.fedwerk.api.task.StrategySpec;
import org.osgi.service.component.annotations.Component;

/** {@link Moments} with v = v + d^2. */
@Component(service = ServerOptimizer.class)
public final class FedAdagrad implements ServerOptimizer {
  @Override
  public String name() {
    return "fedadagrad";
  }

  @Override
  public int vectors() {
    return Moments.VECTORS;
  }

  @Override
  public double[] step(StrategySpec.Server spec, double[] delta, float[][] state) {
    return Moments.step(spec, delta, state, (v, square) -> v + square);
  }
}
