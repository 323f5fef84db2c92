// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.quality;

import java.util.List;
import java.util.Locale;

/** The section of docs/quality.md about what two engines make of the same. */
final class EngineReport {
  private EngineReport() {}

  /** The section; without numbers if nothing was measured. */
  static String section(List<EngineDifference> measured) {
    StringBuilder text = new StringBuilder("## " + EngineBench.SET + "\n\n");
    text.append(
        """
        PyTorch and MXNet on the CPU with one thread each, from the same first parameters: the largest absolute difference of logits (of an autoencoder: of the window that it rebuilds) on 256 fixed windows of 6 signals and 24 steps, which are 12 by 12 pixels to `cnn2d`, and after one epoch of SGD with momentum
        on them the relative L2 distance of the updates.

        """);
    if (measured.isEmpty()) {
      return text.append("Not measured yet.\n\n").toString();
    }
    text.append("Command: `mvn -Pquality verify -Dquality.sets=" + EngineBench.SET + "`.\n\n");
    text.append("| architecture | parameters | logits, at most 1e-4 | update, at most 1e-2 | |\n");
    text.append("|---|---|---|---|---|\n");
    for (EngineDifference each : measured) {
      text.append("| " + each.architecture() + " | " + each.parameters() + " | ");
      text.append(small(each.logits()) + " | " + small(each.update()) + " | ");
      text.append((each.isWithin() ? "met" : "missed") + " |\n");
    }
    return text.append("\n").toString();
  }

  private static String small(double value) {
    return String.format(Locale.ROOT, "%.1e", value);
  }
}
