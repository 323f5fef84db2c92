// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.data;

import java.util.Map;

/**
 * What a model sees of one part.
 *
 * @param serial the part, the example's id
 * @param tensors named tensors; {@code window} is [signals x steps], raw in the schema's units, NaN
 *     where missing
 * @param classIndex index of the label's class in the schema
 * @param labelRevision revision of the label
 * @param role what it may be used for
 */
public record Example(
    String serial, Map<String, Tensor> tensors, int classIndex, int labelRevision, DataRole role) {
  /** Name of the window tensor. */
  public static final String WINDOW = "window";

  public Example {
    tensors = Map.copyOf(tensors);
  }

  /** The window [signals x steps]. */
  public Tensor window() {
    Tensor window = tensors.get(WINDOW);
    if (window == null) {
      throw new IllegalStateException("example " + serial + " has no window");
    }
    return window;
  }
}
