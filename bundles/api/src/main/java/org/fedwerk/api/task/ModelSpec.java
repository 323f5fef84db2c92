// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.task;

import java.util.List;

/**
 * The model of a task.
 *
 * @param architecture name, one of {@link #ARCHITECTURES}
 * @param hidden sizes of the hidden layers, what they are depends on the architecture
 * @param kernel steps that a convolution sees, for {@code cnn1d} and {@code tcn}
 */
public record ModelSpec(String architecture, List<Integer> hidden, int kernel) {
  /** Names that a task may give. */
  public static final List<String> ARCHITECTURES =
      List.of("linear", "mlp", "cnn1d", "tcn", "lstm", "gru");

  /** Steps that a convolution sees if the task does not say. */
  public static final int KERNEL = 3;

  public ModelSpec {
    hidden = List.copyOf(hidden);
  }

  /** With the kernel that is usual. */
  public ModelSpec(String architecture, List<Integer> hidden) {
    this(architecture, hidden, KERNEL);
  }
}
