// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.learn;

/**
 * Normalised inputs with labels: what training and evaluation read.
 *
 * @param count number of examples n
 * @param values [n x input size], row-major, without NaN
 * @param classes n class indices; of anomalies 1 for a defect, else 0; none for any other label
 * @param targets for such a label [n x outputs]: scaled numbers, or 1 and 0 per class. Of anomalies
 *     [n x input size]: the normalised inputs, NaN where a value is missing; else none
 */
public record LabelledInputs(int count, float[] values, int[] classes, float[] targets) {
  /** Inputs of one class each. */
  public LabelledInputs(int count, float[] values, int[] classes) {
    this(count, values, classes, new float[0]);
  }
}
