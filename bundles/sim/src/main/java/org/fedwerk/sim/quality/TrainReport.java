// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.quality;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The section of docs/quality.md about the speed and memory of training. */
final class TrainReport {
  private TrainReport() {}

  /** The section; without numbers of what was not measured. */
  static String section(List<TrainRatio> ratios, Optional<TrainMemory> memory) {
    StringBuilder text = new StringBuilder("## " + TrainBench.SET + "\n\n");
    text.append(
        """
        Training on PyTorch on the CPU with one thread, and the same in PyTorch's own Python of the same version: [train_reference.py](../bundles/sim/src/main/python/train_reference.py) with the same layers, first parameters, 256 windows, batches of 32, SGD with momentum, one thread, and the
        loss read at every step. It must have as many parameters, and the same loss of all windows at the first ones. Samples per second in runs of 80 steps, five of each in turn after three that do not count and after the long training below; medians. The last ratio counts only the time in
        which a process computes, all its threads together: what else the machine does changes it less.

        """);
    if (ratios.isEmpty() && memory.isEmpty()) {
      return text.append("Not measured yet.\n\n").toString();
    }
    text.append("Command: `mvn -Pquality verify -Dquality.sets=" + TrainBench.SET);
    text.append(" -Dfedwerk.python=<interpreter>`.\n\n");
    if (!ratios.isEmpty()) {
      table(text, ratios);
    }
    memory.ifPresent(each -> memory(text, each));
    return text.toString();
  }

  private static void table(StringBuilder text, List<TrainRatio> ratios) {
    text.append("| architecture | parameters | samples/s | samples/s in Python |");
    text.append(" ratio, at least " + TrainRatio.LEAST + " | | of processor time |\n");
    text.append("|---|---|---|---|---|---|---|\n");
    for (TrainRatio each : ratios) {
      text.append("| " + each.architecture() + " | " + each.parameters() + " | ");
      text.append(String.format(Locale.ROOT, "%.0f | ", each.ours()));
      text.append(String.format(Locale.ROOT, "%.0f | ", each.reference()));
      text.append(String.format(Locale.ROOT, "%.2f | ", each.ratio()));
      text.append((each.isMet() ? "met" : "missed") + " | ");
      text.append(String.format(Locale.ROOT, "%.2f |\n", each.ofProcessor()));
    }
    text.append('\n');
  }

  private static void memory(StringBuilder text, TrainMemory memory) {
    text.append(
        String.format(
            Locale.ROOT,
            "One training of `%s` over %d steps, the Java heap of 1 GB being resident from the start:"
                + " memory of the process %.1f MB after a"
                + " fifth of them and %.1f MB in the end, by least squares over the samples between"
                + " %.3f MB per 1000 steps, less than %.0f: %s.\n\n",
            TrainBench.LONG,
            memory.steps(),
            memory.first(),
            memory.last(),
            memory.slope(),
            TrainMemory.MOST,
            memory.isMet() ? "met" : "missed"));
  }
}
