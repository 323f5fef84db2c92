// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.data;

/**
 * Numbers with a shape, row-major.
 *
 * @param shape sizes; their product is the length of values
 * @param values float32 values; NaN stands for a missing one before normalisation
 */
public record Tensor(int[] shape, float[] values) {
  public Tensor {
    long size = 1;
    for (int n : shape) {
      size *= n;
    }
    if (size != values.length) {
      throw new IllegalArgumentException(
          "shape holds " + size + " values, given are " + values.length);
    }
  }
}
