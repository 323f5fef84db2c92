// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.quality;

import java.util.Arrays;
import java.util.Map;

/**
 * What one way of learning came to.
 *
 * @param name of the figure
 * @param configuration the one that validation chose with seed 0, from 1; 0 if there are none
 * @param validation its score there
 * @param values score on test parts of each seed, that of the final model
 * @param asides by name what is told beside it, mean over seeds
 */
record Column(
    String name,
    int configuration,
    double validation,
    double[] values,
    Map<String, Double> asides) {
  /** With nothing beside it. */
  Column(String name, int configuration, double validation, double[] values) {
    this(name, configuration, validation, values, Map.of());
  }

  double mean() {
    return Arrays.stream(values).average().orElse(Double.NaN);
  }

  /** Largest less smallest. */
  double spread() {
    return Arrays.stream(values).max().orElse(Double.NaN)
        - Arrays.stream(values).min().orElse(Double.NaN);
  }
}
