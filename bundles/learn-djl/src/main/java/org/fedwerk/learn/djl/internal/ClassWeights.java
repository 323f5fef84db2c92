// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.learn.djl.internal;

import java.util.Arrays;
import org.fedwerk.api.learn.TrainingSpec;

/** Weights of classes in the loss. */
final class ClassWeights {
  private ClassWeights() {}

  /**
   * Inverse frequency, so that every class that occurs has the same sum of weights and the mean
   * over all examples is 1: n / (classes that occur x n of the class). A class that does not occur
   * has weight 0. If not balanced, the weights that the task gives; all 1 if it gives none.
   */
  static float[] of(TrainingSpec spec, int[] classes, int outputs) {
    float[] weights = new float[outputs];
    if (!spec.balanced()) {
      for (int k = 0; k < outputs; k++) {
        weights[k] = spec.classWeights().isEmpty() ? 1 : spec.classWeights().get(k).floatValue();
      }
      return weights;
    }
    int[] counts = new int[outputs];
    for (int k : classes) {
      counts[k]++;
    }
    long present = Arrays.stream(counts).filter(n -> n > 0).count();
    for (int k = 0; k < outputs; k++) {
      weights[k] = counts[k] == 0 ? 0 : (float) ((double) classes.length / (present * counts[k]));
    }
    return weights;
  }
}
