// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.data;

import java.util.Map;

/**
 * What a model sees of one part.
 *
 * @param serial the part, the example's id
 * @param tensors named tensors; {@code window} is [signals x steps], raw in the schema's units, NaN
 *     where missing, or an image [channels x height x width], 0 to 1; {@code target} [outputs] is
 *     there for labels that are not one class: a number in its unit, or 1 or 0 per class
 * @param classIndex index of the label's class in the schema; -1 for a label that is not one class.
 *     In anomaly detection 0 for a normal part, {@link #DEFECT}, or -1 without a label
 * @param labelRevision revision of the label; 0 without one
 * @param role what it may be used for
 */
public record Example(
    String serial, Map<String, Tensor> tensors, int classIndex, int labelRevision, DataRole role) {
  /** Name of the window tensor. */
  public static final String WINDOW = "window";

  /** Class index of a part that is labelled as a defect, in anomaly detection. */
  public static final int DEFECT = 1;

  private static final int NO_CLASS = -1;

  /** Name of the target tensor. */
  public static final String TARGET = "target";

  public Example {
    tensors = Map.copyOf(tensors);
  }

  /**
   * A window with what its label says.
   *
   * @param target what {@link LabelSpec#read} gave
   */
  public static Example of(
      LabelSpec label, String serial, Tensor window, double[] target, int revision, DataRole role) {
    if (label.isClass() || label.isAnomaly()) {
      return new Example(serial, Map.of(WINDOW, window), (int) target[0], revision, role);
    }
    float[] values = new float[target.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) target[i];
    }
    Tensor told = new Tensor(new int[] {values.length}, values);
    return new Example(serial, Map.of(WINDOW, window, TARGET, told), NO_CLASS, revision, role);
  }

  /** A window of which nothing is known, as anomaly detection learns from. */
  public static Example unlabelled(String serial, Tensor window, DataRole role) {
    return new Example(serial, Map.of(WINDOW, window), NO_CLASS, 0, role);
  }

  /** The same before it had a label. */
  public Example unlabelled() {
    return unlabelled(serial, window(), role);
  }

  /** The window [signals x steps], or the image [channels x height x width]. */
  public Tensor window() {
    return tensor(WINDOW);
  }

  /** The target [outputs]; only for labels that are not one class. */
  public Tensor target() {
    return tensor(TARGET);
  }

  private Tensor tensor(String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalStateException("example " + serial + " has no " + name);
    }
    return tensor;
  }
}
