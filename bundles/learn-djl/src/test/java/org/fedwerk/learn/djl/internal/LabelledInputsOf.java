// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.learn.djl.internal;

import java.util.List;
import org.fedwerk.api.learn.LabelledInputs;

/** Joins inputs. */
final class LabelledInputsOf {
  private LabelledInputsOf() {}

  static LabelledInputs all(List<LabelledInputs> parts) {
    int count = parts.stream().mapToInt(LabelledInputs::count).sum();
    int width = parts.get(0).values().length / parts.get(0).count();
    float[] values = new float[count * width];
    int[] classes = new int[count];
    int at = 0;
    for (LabelledInputs part : parts) {
      System.arraycopy(part.values(), 0, values, at * width, part.values().length);
      System.arraycopy(part.classes(), 0, classes, at, part.count());
      at += part.count();
    }
    return new LabelledInputs(count, values, classes);
  }
}
