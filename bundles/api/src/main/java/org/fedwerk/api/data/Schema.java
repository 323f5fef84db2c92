// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.data;

import java.util.List;

/**
 * What all sites of a task agree on.
 *
 * @param name the schema's name
 * @param version counts up with every change of meaning
 * @param signals the inputs, in the order of the window's rows
 * @param window how a part becomes a window
 * @param label what is predicted
 */
public record Schema(
    String name, int version, List<SignalSpec> signals, WindowSpec window, LabelSpec label) {
  public Schema {
    signals = List.copyOf(signals);
  }

  /** Values per window: signals times steps. */
  public int inputSize() {
    return signals.size() * window.steps();
  }
}
