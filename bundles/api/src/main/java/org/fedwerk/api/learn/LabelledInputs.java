// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.learn;

/**
 * Normalised inputs with labels: what training and evaluation read.
 *
 * @param count number of examples n
 * @param values [n x input size], row-major, without NaN
 * @param classes n class indices; none for a label that is not one class
 * @param targets for such a label [n x outputs]: scaled numbers, or 1 and 0 per class; else none
 */
public record LabelledInputs(int count, float[] values, int[] classes, float[] targets) {
  /** Inputs of one class each. */
  public LabelledInputs(int count, float[] values, int[] classes) {
    this(count, values, classes, new float[0]);
  }
}
