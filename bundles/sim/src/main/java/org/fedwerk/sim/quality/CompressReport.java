// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.quality;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The section of docs/quality.md about less communication. */
final class CompressReport {
  private final Plan plan;

  CompressReport(Plan plan) {
    this.plan = plan;
  }

  /** The section; without numbers if nothing was measured. */
  String section(Optional<Compressed> measured) {
    StringBuilder text = new StringBuilder("## " + CompressBench.SET + "\n\n");
    text.append(
        """
        Less communication on `hydraulic.accumulator` with a network of convolutions: the same federation with float32 in both directions, and with coded updates and coded changes. Bytes are all payload that the links carry, of plans, replies, lists and chunks, in
        both directions and to and from all sites, until validation has stayed for three rounds at 0.99 of what the float32 run of the same seed ended with; that third round is counted. Every method tries the same configurations with seed 0 and takes the one that
        is best on validation parts; test parts are read once for each seed.

        """);
    if (measured.isEmpty()) {
      return text.append("Not measured yet.\n\n").toString();
    }
    table(text, measured.get());
    aims(text, measured.get());
    for (int i = 0; i < plan.configurations().size(); i++) {
      text.append("- configuration " + (i + 1) + ": ");
      text.append(Report.words(plan.configurations().get(i)) + "\n");
    }
    for (Map.Entry<String, Map<String, Object>> method : plan.methods().entrySet()) {
      if (!method.getValue().isEmpty()) {
        text.append("- " + method.getKey() + ": " + Report.words(method.getValue()) + "\n");
      }
    }
    return text.append(plan.note().isEmpty() ? "\n" : "\n" + plan.note() + "\n\n").toString();
  }

  private void table(StringBuilder text, Compressed measured) {
    text.append(
        "Command: `mvn -Pquality verify -Dquality.sets="
            + CompressBench.SET
            + "`; it took "
            + measured.seconds()
            + " s.\n\n");
    text.append("| method | configuration | seed | test " + plan.metric() + " | stays at |");
    text.append(" from round | payload until then | payload in all |\n");
    text.append("|---|---|---|---|---|---|---|---|\n");
    for (CompressedRun run : measured.runs()) {
      text.append("| " + run.method() + " | " + run.configuration() + " | " + run.seed() + " | ");
      text.append(Report.number(run.test()) + " | " + Report.number(run.least()) + " | ");
      text.append(
          run.round() == 0 ? "never | - | " : run.round() + " | " + megabytes(run.bytes()) + " | ");
      text.append(megabytes(run.bytesInAll()) + " in " + run.rounds() + " rounds |\n");
    }
    text.append('\n');
  }

  private static void aims(StringBuilder text, Compressed measured) {
    List<String> methods = measured.methods();
    text.append("| aimed at | value | |\n|---|---|---|\n");
    for (String method : methods) {
      double ratio = measured.ratio(method);
      double loss = measured.loss(method);
      text.append("| " + method + " " + Compressed.RATIO + " at least 20 | ");
      text.append(Report.number(ratio) + " | " + (ratio >= 20 ? "met" : "missed") + " |\n");
      text.append("| " + method + " " + Compressed.LOSS + " at most 0.010 | ");
      text.append(Report.number(loss) + " | " + (loss <= 0.01 ? "met" : "missed") + " |\n");
    }
    text.append('\n');
  }

  private static String megabytes(long bytes) {
    return String.format(Locale.ROOT, "%.2f MB", bytes / 1e6);
  }
}
