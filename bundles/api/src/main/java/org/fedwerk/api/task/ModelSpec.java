// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.task;

import java.util.List;

/**
 * The model of a task.
 *
 * @param architecture name, for example {@code mlp}
 * @param hidden sizes of the hidden layers
 */
public record ModelSpec(String architecture, List<Integer> hidden) {
  public ModelSpec {
    hidden = List.copyOf(hidden);
  }
}
