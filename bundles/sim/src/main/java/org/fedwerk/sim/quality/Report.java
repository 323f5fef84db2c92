// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.quality;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import org.fedwerk.api.learn.Metrics;

/** Writes docs/quality.md from what was measured last of each set. */
final class Report {
  private static final String HEAD =
      """
      # Quality on real data

      Written by `mvn -Pquality verify`; what is about a set stands in its task file in [examples/quality](examples/quality), so change that and run again. `-Dquality.sets=<set>.<task>,...` measures some sets and leaves the
      others as they are, `-Dquality.full` leaves out no data. The data are looked for in the folder of the property `fedwerk.data`, by default `shared/data` beside the checkout; a set whose folder is absent is skipped with a message.

      How to read a table:

      - Sites, parts and normalisation are the same in all columns; each site normalises by its own training parts. Every column tries the same six configurations with seed 0 and takes the one that is best on validation parts. Only then, with
        seeds 0, 1 and 2, are test parts read, each time once, for the model of the round that validation chose by the task's own rule for stopping.
      - `local-home`: each site's own model at that site. `local-abroad`: at the other sites. `pooled`: one model on all sites' training parts. `fedavg` and the methods below it: the real coordinator and sites in one process, with sealed
        messages; keyed hashes stand for signatures. `best`: the one of them that validation likes best.
      - Mean over three seeds; the spread is the largest less the smallest.

      """;

  private final Path docs;
  private final Path examples;

  /**
   * Over folders.
   *
   * @param docs where quality.md and the folder quality are
   * @param examples where the task files are
   */
  Report(Path docs, Path examples) {
    this.docs = docs;
    this.examples = examples;
  }

  /** Where a set's numbers are kept. */
  Path numbers(String set) {
    return docs.resolve("quality").resolve(set + ".csv");
  }

  /** Where the speeds of training are kept. */
  Path ratios() {
    return numbers(TrainBench.SET + ".ratio");
  }

  /** Where the memory of training is kept. */
  Path memory() {
    return numbers(TrainBench.SET + ".memory");
  }

  /** Writes all that was ever measured. */
  void write() throws IOException {
    StringBuilder text = new StringBuilder(HEAD);
    for (QualitySet set : QualitySet.ALL) {
      text.append("## ").append(set.name()).append("\n\n");
      Optional<Measured> measured = Measured.read(numbers(set.name()));
      Plan plan = Plan.read(examples.resolve(set.name() + ".yaml"));
      line(text, capital(set.data().split()) + ".");
      line(text, "");
      if (measured.isEmpty()) {
        line(text, "Not measured yet.");
        line(text, "");
        continue;
      }
      section(text, set, plan, measured.get());
      Files.writeString(
          docs.resolve("quality").resolve(set.name() + ".svg"),
          Plot.svg(set.name(), plan.metric(), measured.get().result().columns()));
    }
    Plan compress = Plan.read(examples.resolve(CompressBench.SET + ".yaml"));
    text.append(new CompressReport(compress).section(Compressed.read(numbers(CompressBench.SET))));
    text.append(EngineReport.section(EngineDifference.read(numbers(EngineBench.SET))));
    text.append(TrainReport.section(TrainRatio.read(ratios()), TrainMemory.read(memory())));
    Files.writeString(docs.resolve("quality.md"), text.toString().stripTrailing() + "\n");
  }

  private static void section(StringBuilder text, QualitySet set, Plan plan, Measured measured) {
    String metric =
        plan.metric() + (plan.union() ? " over the union of the sites" : ", mean over sites");
    line(
        text, "Reported: " + metric + (Metrics.isError(plan.metric()) ? "; less is better." : "."));
    line(
        text,
        "Command: `mvn -Pquality verify -Dquality.sets="
            + set.name()
            + "`; it took "
            + measured.seconds()
            + " s.");
    line(text, "");
    line(text, "| column | mean | spread | seeds | on validation | configuration |");
    line(text, "|---|---|---|---|---|---|");
    for (Column column : measured.result().columns()) {
      StringBuilder seeds = new StringBuilder();
      for (double value : column.values()) {
        seeds.append(seeds.isEmpty() ? "" : ", ").append(number(value));
      }
      line(
          text,
          "| "
              + column.name()
              + " | "
              + number(column.mean())
              + " | "
              + number(column.spread())
              + " | "
              + seeds
              + " | "
              + number(column.validation())
              + " | "
              + (column.configuration() == 0 ? "-" : column.configuration())
              + " |");
    }
    line(text, "");
    besides(text, measured);
    line(text, "![" + set.name() + "](quality/" + set.name() + ".svg)");
    line(text, "");
    for (int i = 0; i < plan.configurations().size(); i++) {
      line(text, "- configuration " + (i + 1) + ": " + words(plan.configurations().get(i)));
    }
    plan.methods()
        .forEach(
            (name, changes) -> {
              if (!changes.isEmpty()) {
                line(text, "- " + name + ": " + words(changes));
              }
            });
    line(text, "");
    line(text, "A site's own model (row) at every site (column):");
    matrix(text, measured.sites(), measured.result().abroad());
    if (measured.drift().length > 0) {
      line(
          text,
          "How unlike a site's parts (column) are those that another one trained on (row), and on the"
              + " diagonal its own test parts those that it trained on: the largest population"
              + " stability index of the signals' means per part. A site that watches by"
              + " `drift.method: psi` calls more than 0.2 drift:");
      matrix(text, measured.sites(), measured.drift());
    }
    aims(text, plan, measured);
    if (!plan.note().isEmpty()) {
      line(text, plan.note());
      line(text, "");
    }
  }

  private static void matrix(StringBuilder text, List<String> sites, double[][] matrix) {
    line(text, "");
    line(text, "| | " + String.join(" | ", sites) + " |");
    line(text, "|---|" + "---|".repeat(sites.size()));
    for (int of = 0; of < sites.size(); of++) {
      StringBuilder row = new StringBuilder("| " + sites.get(of) + " |");
      for (double value : matrix[of]) {
        row.append(' ').append(number(value)).append(" |");
      }
      line(text, row.toString());
    }
    line(text, "");
  }

  private static void aims(StringBuilder text, Plan plan, Measured measured) {
    if (plan.aims().isEmpty()) {
      return;
    }
    line(text, "| aimed at | value | |");
    line(text, "|---|---|---|");
    for (Plan.Aim aim : plan.aims()) {
      double value = measured.column(aim.column()).map(Column::mean).orElse(Double.NaN);
      double bound = aim.bound();
      String relation = number(aim.bound());
      if (!aim.of().isEmpty()) {
        double other = measured.column(aim.of()).map(Column::mean).orElse(Double.NaN);
        bound = aim.ratio() ? other * aim.bound() : other + aim.bound();
        relation =
            (aim.ratio() ? number(aim.bound()) + " times " : signed(aim.bound()))
                + (aim.ratio() ? aim.of() : " on " + aim.of())
                + " = "
                + number(bound);
      }
      boolean met = aim.least() ? value >= bound : value <= bound;
      line(
          text,
          "| "
              + aim.column()
              + " "
              + (aim.least() ? "at least " : "at most ")
              + relation
              + " | "
              + number(value)
              + " | "
              + (met ? "met" : "missed")
              + " |");
    }
    line(text, "");
  }

  private static String signed(double value) {
    return (value < 0 ? "" : "+") + number(value);
  }

  private static void besides(StringBuilder text, Measured measured) {
    boolean any = false;
    for (Column column : measured.result().columns()) {
      if (!column.asides().isEmpty()) {
        line(text, "- " + column.name() + ", also: " + beside(column.asides()));
        any = true;
      }
    }
    if (any) {
      line(text, "");
    }
  }

  private static String beside(Map<String, Double> asides) {
    StringJoiner numbers = new StringJoiner(", ");
    asides.forEach((name, value) -> numbers.add(name + " " + number(value)));
    return numbers.toString();
  }

  static String words(Map<String, Object> changes) {
    List<String> words =
        changes.entrySet().stream().map(each -> each.getKey() + ": " + each.getValue()).toList();
    return "`" + String.join(", ", words) + "`";
  }

  static String number(double value) {
    return String.format(Locale.ROOT, Math.abs(value) < 10 ? "%.3f" : "%.2f", value);
  }

  private static String capital(String text) {
    return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }

  private static void line(StringBuilder text, String line) {
    text.append(line).append('\n');
  }
}
