// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.aggregate.internal;

import java.util.List;
import org.fedwerk.api.aggregate.Aggregator;
import org.osgi.service.component.annotations.Component;

/**
 * Federated averaging: the weighted mean of the updates (McMahan et al. 2017, algorithm 1).
 *
 * <p>Sums in float64 in the order given, one update after the other, so that the result depends on
 * nothing but the values and that order. No state; any thread may call.
 */
@Component(service = Aggregator.class)
public final class FedAvg implements Aggregator {
  /** Name in a task. */
  public static final String NAME = "fedavg";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public double[] aggregate(List<float[]> updates, double[] weights) {
    double total = totalWeight(updates, weights);
    double[] mean = new double[commonLength(updates)];
    for (int k = 0; k < weights.length; k++) {
      addScaled(mean, updates.get(k), weights[k] / total);
    }
    refuseIfNotFinite(mean, updates);
    return mean;
  }

  private static double totalWeight(List<float[]> updates, double[] weights) {
    if (updates.isEmpty()) {
      throw new IllegalArgumentException(NAME + ": there is no update to aggregate");
    }
    if (updates.size() != weights.length) {
      throw new IllegalArgumentException(
          NAME + ": " + updates.size() + " updates but " + weights.length + " weights");
    }
    double total = 0;
    for (int k = 0; k < weights.length; k++) {
      if (!(weights[k] > 0) || Double.isInfinite(weights[k])) {
        throw new IllegalArgumentException(
            NAME + ": weight " + k + " is " + weights[k] + ", it must be finite and above 0");
      }
      total += weights[k];
    }
    if (Double.isInfinite(total)) {
      throw new IllegalArgumentException(NAME + ": the sum of the weights is not finite");
    }
    return total;
  }

  private static int commonLength(List<float[]> updates) {
    int length = updates.get(0).length;
    for (int k = 1; k < updates.size(); k++) {
      if (updates.get(k).length != length) {
        throw new IllegalArgumentException(
            NAME
                + ": update "
                + k
                + " has "
                + updates.get(k).length
                + " elements, update 0 has "
                + length);
      }
    }
    return length;
  }

  private static void addScaled(double[] sum, float[] update, double share) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += share * update[i];
    }
  }

  /**
   * Looks at the sums only and for the culprit afterwards: finite float32 values with shares of at
   * most 1 cannot leave float64, and one value that is not finite spoils its sum for good.
   */
  private static void refuseIfNotFinite(double[] mean, List<float[]> updates) {
    for (int i = 0; i < mean.length; i++) {
      if (!Double.isFinite(mean[i])) {
        throw new IllegalArgumentException(culprit(updates, i));
      }
    }
  }

  private static String culprit(List<float[]> updates, int element) {
    int k = 0;
    while (Float.isFinite(updates.get(k)[element])) {
      k++;
    }
    return NAME + ": element " + element + " of update " + k + " is not finite";
  }
}
