// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.aggregate.internal;

import org.fedwerk.api.task.StrategySpec;

/**
 * What the adaptive server optimizers have in common (Reddi et al. 2021, Adaptive Federated
 * Optimization, algorithm 2): m = beta1 m + (1 - beta1) d, x' = x + rate m / (sqrt(v) + tau),
 * without correction of the bias. They differ in v. Both begin at zero and are kept as float32.
 */
final class Moments {
  /** Number of state vectors. */
  static final int VECTORS = 2;

  private Moments() {}

  /** The next v of one element. */
  interface Second {
    /**
     * From the last one.
     *
     * @param v second moment so far
     * @param square square of the delta
     */
    double next(double v, double square);
  }

  static double[] step(
      StrategySpec.Server spec, double[] delta, float[][] state, Second secondMoment) {
    float[] first = state[0];
    float[] second = state[1];
    double[] step = new double[delta.length];
    for (int i = 0; i < delta.length; i++) {
      double m = spec.beta1() * first[i] + (1 - spec.beta1()) * delta[i];
      double v = secondMoment.next(second[i], delta[i] * delta[i]);
      first[i] = (float) m;
      second[i] = (float) v;
      step[i] = spec.rate() * m / (Math.sqrt(v) + spec.tau());
    }
    return step;
  }
}
