// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.data;

import java.util.List;

/**
 * The label that a task learns.
 *
 * @param name the label's name
 * @param classes class names, in the order of the model's outputs; at least two
 * @param lateness longest time between a part's end and its label's time, in source time
 */
public record LabelSpec(String name, List<String> classes, java.time.Duration lateness) {
  public LabelSpec {
    classes = List.copyOf(classes);
    if (classes.size() < 2) {
      throw new IllegalArgumentException("label " + name + " needs at least two classes");
    }
  }
}
