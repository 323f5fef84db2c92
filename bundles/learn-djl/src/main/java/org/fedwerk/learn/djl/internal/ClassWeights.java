// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.learn.djl.internal;

import java.util.Arrays;

/** Weights of classes in the loss. */
final class ClassWeights {
  private ClassWeights() {}

  /**
   * Inverse frequency, so that every class that occurs has the same sum of weights and the mean
   * over all examples is 1: n / (classes that occur x n of the class). A class that does not occur
   * has weight 0. All 1 if not balanced.
   */
  static float[] of(boolean balanced, int[] classes, int outputs) {
    float[] weights = new float[outputs];
    if (!balanced) {
      Arrays.fill(weights, 1);
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
