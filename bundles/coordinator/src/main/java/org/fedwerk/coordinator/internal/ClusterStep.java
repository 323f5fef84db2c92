// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal;

import java.util.List;
import org.fedwerk.api.model.Exchange;

/**
 * Makes the mean over all sites the mean over those of each cluster (Ghosh et al. 2020, IFCA, model
 * averaging): a site's update is zero outside of its cluster's model, so only the weight that the
 * sum is divided by has to be another. A cluster without a site stays as it is.
 */
final class ClusterStep implements RangeFold.Step {
  private final Exchange exchange;

  /** [cluster] all weight over that of the cluster's sites; 0 where there is none. */
  private final double[] factors;

  /**
   * A step.
   *
   * @param clusters of the updates, from 0
   * @param weights theirs, same order
   */
  ClusterStep(Exchange exchange, List<Integer> clusters, double[] weights) {
    this.exchange = exchange;
    double all = 0;
    factors = new double[exchange.clusters()];
    for (int k = 0; k < weights.length; k++) {
      all += weights[k];
      factors[clusters.get(k)] += weights[k];
    }
    for (int cluster = 0; cluster < factors.length; cluster++) {
      factors[cluster] = factors[cluster] > 0 ? all / factors[cluster] : 0;
    }
  }

  @Override
  public double[] of(int range, int from, List<float[]> updates, double[] delta) {
    for (int i = 0; i < delta.length; i++) {
      delta[i] *= factors[exchange.clusterAt(from + i)];
    }
    return delta;
  }
}
