// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.aggregate;

import org.fedwerk.api.task.StrategySpec;

/**
 * Turns the aggregated delta of a round, which is minus the pseudo-gradient, into the step of the
 * global model (Reddi et al. 2021, Adaptive Federated Optimization, algorithm 2). Implemented by
 * the aggregate room; a function of aggregate and state, element by element, so that ranges can be
 * taken in any cut. Any thread may call.
 */
public interface ServerOptimizer {
  /** The name in a task, for example {@code fedadam}. */
  String name();

  /** Number of state vectors, each as long as the model; all zero before the first step. */
  int vectors();

  /**
   * The step of one range.
   *
   * @param spec rate and decays
   * @param delta aggregated delta of the range
   * @param state one array per state vector, the range of each; changed in place
   * @return what is added to the parameters of the range
   */
  double[] step(StrategySpec.Server spec, double[] delta, float[][] state);
}
