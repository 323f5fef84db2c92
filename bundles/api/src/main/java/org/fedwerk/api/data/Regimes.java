// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.data;

import java.util.List;

/**
 * Operating regimes by declared centroids. Each step of a window is in the regime whose centroid is
 * nearest to the values of some signals at that step, by squared distance of value / scale; a value
 * that is not there counts for no centroid, and of equally near ones the first is taken. Values are
 * then standardised by mean and deviation of their signal in that regime.
 *
 * @param signals rows of the schema's signals that say which regime it is
 * @param scale what a step of 1 stands for, one for each of these signals, above 0
 * @param centroids [regimes][these signals], in the signals' units
 */
public record Regimes(List<Integer> signals, List<Double> scale, List<List<Double>> centroids) {
  public Regimes {
    signals = List.copyOf(signals);
    scale = List.copyOf(scale);
    centroids = centroids.stream().map(List::copyOf).toList();
    int each = signals.size();
    if (each == 0 || scale.size() != each || centroids.isEmpty()) {
      throw new IllegalArgumentException("a regime has signals, each with a scale");
    }
    if (centroids.stream().anyMatch(centroid -> centroid.size() != each)) {
      throw new IllegalArgumentException("a centroid has a value for each of " + each + " signals");
    }
  }

  /** How many. */
  public int count() {
    return centroids.size();
  }

  /**
   * The regime, from 0, of a step.
   *
   * @param window [signals x steps] of the schema, raw
   */
  public int of(float[] window, int steps, int step) {
    int nearest = 0;
    double least = Double.POSITIVE_INFINITY;
    for (int regime = 0; regime < centroids.size(); regime++) {
      double distance = 0;
      for (int i = 0; i < signals.size(); i++) {
        float value = window[signals.get(i) * steps + step];
        if (Float.isFinite(value)) {
          double apart = (value - centroids.get(regime).get(i)) / scale.get(i);
          distance += apart * apart;
        }
      }
      if (distance < least) {
        least = distance;
        nearest = regime;
      }
    }
    return nearest;
  }
}
