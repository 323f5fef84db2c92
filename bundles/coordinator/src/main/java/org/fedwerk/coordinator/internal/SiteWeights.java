// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal;

import java.util.Arrays;
import org.fedwerk.api.task.StrategySpec;

/** What each update weighs in the fold. Pure. */
final class SiteWeights {
  private SiteWeights() {}

  /**
   * The weights, up to a common factor.
   *
   * @param examples training examples behind each update, above 0
   * @param balance of each, 0 to 1; read for {@link StrategySpec.Weights#BALANCE} only
   */
  static double[] of(StrategySpec strategy, double[] examples, double[] balance) {
    double[] weights = examples.clone();
    switch (strategy.weights()) {
      case SAMPLES -> {}
      case CAPPED -> cap(weights, strategy.cap());
      case UNIFORM -> Arrays.fill(weights, 1);
      case BALANCE -> {
        for (int k = 0; k < weights.length; k++) {
          // One example's worth at least: a site of one class is heard, if hardly.
          weights[k] = Math.max(Math.min(1, examples[k]), examples[k] * balance[k]);
        }
      }
    }
    return weights;
  }

  /**
   * Brings down those above the cap until no site has more than its share of what is left; of sites
   * too few for the cap each weighs the same.
   */
  private static void cap(double[] weights, double cap) {
    int count = weights.length;
    if (cap * count <= 1) {
      Arrays.fill(weights, 1);
      return;
    }
    double[] ascending = weights.clone();
    Arrays.sort(ascending);
    double below = Arrays.stream(ascending).sum();
    double most = Double.POSITIVE_INFINITY;
    // With the n heaviest at the bound m: m = cap (below + n m), below the sum of the others.
    for (int n = 0; n < count && ascending[count - 1 - n] > bound(cap, below, n); n++) {
      below -= ascending[count - 1 - n];
      most = bound(cap, below, n + 1);
    }
    for (int k = 0; k < count; k++) {
      weights[k] = Math.min(weights[k], most);
    }
  }

  private static double bound(double cap, double below, int n) {
    return cap * below / (1 - cap * n);
  }
}
