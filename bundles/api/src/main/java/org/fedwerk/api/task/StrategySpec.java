// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.task;

/**
 * How updates become the next model.
 *
 * @param aggregator rule that turns updates into one delta: {@code fedavg}, {@code fednova}, {@code
 *     qfedavg}
 * @param weights what an update weighs
 * @param cap largest share of the sum of weights that one site may have, above 0, at most 1; 1
 *     where weights are not capped
 * @param fairness q of {@code qfedavg} (Li et al. 2020), from 0: how much more a site of high loss
 *     counts; 0 for other rules
 * @param server what the coordinator does with the delta
 */
public record StrategySpec(
    String aggregator, Weights weights, double cap, double fairness, Server server) {
  /** Federated averaging (McMahan et al. 2017). */
  public static final StrategySpec FEDAVG = of("fedavg");

  /** What an update weighs. */
  public enum Weights {
    /** As many as it has training examples. */
    SAMPLES,
    /** The same, but at most a share of all. */
    CAPPED,
    /** As much as any other. */
    UNIFORM,
    /** Its training examples, times the entropy of their classes over that of equal ones. */
    BALANCE
  }

  /**
   * The coordinator's optimizer (Reddi et al. 2021, Adaptive Federated Optimization).
   *
   * @param optimizer {@code none}, {@code fedavgm}, {@code fedadagrad}, {@code fedadam} or {@code
   *     fedyogi}
   * @param rate server learning rate, above 0
   * @param beta1 momentum, 0 to below 1
   * @param beta2 decay of the second moment, 0 to below 1; for Adam and Yogi
   * @param tau adaptivity, above 0: what is added to the root of the second moment
   */
  public record Server(String optimizer, double rate, double beta1, double beta2, double tau) {
    /** The delta is added as it is. */
    public static final Server NONE = new Server("none", 1, 0, 0, 0);

    /** True if the delta is not simply added. */
    public boolean isOptimizing() {
      return !optimizer.equals(NONE.optimizer);
    }
  }

  /** A rule with what is usual else. */
  public static StrategySpec of(String aggregator) {
    return new StrategySpec(aggregator, Weights.SAMPLES, 1, 0, Server.NONE);
  }
}
