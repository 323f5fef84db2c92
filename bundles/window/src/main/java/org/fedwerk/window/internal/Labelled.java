// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.window.internal;

import java.util.Map;
import org.fedwerk.api.data.DataRole;
import org.fedwerk.api.data.Example;
import org.fedwerk.api.data.LabelSpec;
import org.fedwerk.api.data.Tensor;

/** A window with what its label says. */
final class Labelled {
  private static final int NO_CLASS = -1;

  private Labelled() {}

  /**
   * An example.
   *
   * @param target what {@link LabelSpec#read} gave
   */
  static Example example(
      LabelSpec label, String serial, Tensor window, double[] target, int revision, DataRole role) {
    if (label.isClass()) {
      return new Example(serial, Map.of(Example.WINDOW, window), (int) target[0], revision, role);
    }
    float[] values = new float[target.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) target[i];
    }
    Tensor told = new Tensor(new int[] {values.length}, values);
    return new Example(
        serial, Map.of(Example.WINDOW, window, Example.TARGET, told), NO_CLASS, revision, role);
  }
}
