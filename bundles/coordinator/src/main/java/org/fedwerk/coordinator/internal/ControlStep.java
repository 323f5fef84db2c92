// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal;

import java.util.List;

/**
 * SCAFFOLD's server control variate, the second half of the vector: c is the mean of the c_i of all
 * sites that have ever contributed (Karimireddy et al. 2020, algorithm 1, line 17, with N their
 * number), so a fold adds the sum of the changes of c_i and makes room for who is new.
 */
final class ControlStep implements RangeFold.Step {
  private final float[] model;
  private final int parameters;
  private final int before;
  private final int after;

  /**
   * A step.
   *
   * @param model the vector that is folded into, as it is before each range is added
   * @param parameters elements of the model proper, which come first
   * @param before sites that had contributed before
   * @param after sites that have with this fold
   */
  ControlStep(float[] model, int parameters, int before, int after) {
    this.model = model;
    this.parameters = parameters;
    this.before = before;
    this.after = after;
  }

  @Override
  public double[] of(int range, int from, List<float[]> updates, double[] delta) {
    for (int i = Math.max(0, parameters - from); i < delta.length; i++) {
      double sum = 0;
      for (float[] update : updates) {
        sum += update[i];
      }
      delta[i] = (sum - (double) (after - before) * model[from + i]) / after;
    }
    return delta;
  }
}
