// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.learn;

import java.util.Arrays;

/**
 * One named piece of a parameter vector.
 *
 * @param name for example {@code dense1.weight}
 * @param shape sizes; a dense weight is [outputs x inputs]
 * @param offset index of its first element in the vector
 * @param role who owns it
 */
public record LayoutEntry(String name, int[] shape, int offset, ParameterRole role) {
  /** Number of elements. */
  public int size() {
    return Arrays.stream(shape).reduce(1, Math::multiplyExact);
  }
}
