// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.learn;

/** One step of a network, as data; an engine turns it into its own blocks. */
public sealed interface Layer {
  /**
   * y = x W' + b with W [outputs x inputs], b [outputs]; entries {@code name.weight}, {@code
   * name.bias}.
   */
  record Dense(String name, int inputs, int outputs) implements Layer {}

  /** max(x, 0). */
  record Relu() implements Layer {}

  /** From [batch x ...] to [batch x product]. */
  record Flatten() implements Layer {}
}
