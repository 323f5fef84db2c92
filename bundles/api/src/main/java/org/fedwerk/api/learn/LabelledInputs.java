// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.learn;

/**
 * Normalised inputs with labels: what training and evaluation read.
 *
 * @param count number of examples n
 * @param values [n x input size], row-major, without NaN
 * @param classes n class indices
 */
public record LabelledInputs(int count, float[] values, int[] classes) {}
