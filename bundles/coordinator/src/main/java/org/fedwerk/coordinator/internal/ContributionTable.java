// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeSet;
import org.fedwerk.api.coordinator.Contributions;
import org.fedwerk.api.learn.Metrics;

/** What each site adds to a version, as a section of its card. */
final class ContributionTable {
  private final StringBuilder text = new StringBuilder();

  private ContributionTable() {}

  static String of(Contributions found) {
    ContributionTable table = new ContributionTable();
    table.line("");
    table.line("## What each site adds");
    table.line("");
    if (found.problem().isEmpty()) {
      table.shares(found);
      table.matrix(found);
    } else {
      table.line("- not found: " + found.problem());
    }
    return table.text.toString();
  }

  private void shares(Contributions found) {
    TreeSet<String> sites = new TreeSet<>(found.leaveOneOut().keySet());
    sites.addAll(found.shapley().keySet());
    if (sites.isEmpty()) {
      return;
    }
    line(
        "By one more training from this version, whose updates were added up for subsets of the"
            + " sites; in "
            + found.metric()
            + (Metrics.isError(found.metric()) ? ", of which less is better" : "")
            + ", mean over "
            + found.judges()
            + " sites. More is better; below 0 the others are better off without.");
    line("");
    List<String> columns = new ArrayList<>();
    List<SortedMap<String, Double>> values = new ArrayList<>();
    if (!found.leaveOneOut().isEmpty()) {
      columns.add("leaving it out");
      values.add(found.leaveOneOut());
    }
    if (!found.shapley().isEmpty()) {
      columns.add("Shapley's value");
      values.add(found.shapley());
    }
    head("site", columns);
    for (String site : sites) {
      row(site, values.stream().map(each -> each.getOrDefault(site, Double.NaN)).toList());
    }
    line("");
    found.worth().forEach((of, value) -> line("- model of " + of + ": " + number(value)));
  }

  private void matrix(Contributions found) {
    if (found.matrix().isEmpty()) {
      return;
    }
    TreeSet<String> judges = new TreeSet<>();
    found.matrix().values().forEach(row -> judges.addAll(row.keySet()));
    line("");
    line(
        found.metric()
            + " of the model trained by the site of the row, at the site of the column:");
    line("");
    head("trained by", List.copyOf(judges));
    for (Map.Entry<String, SortedMap<String, Double>> each : found.matrix().entrySet()) {
      row(
          each.getKey(),
          judges.stream().map(site -> each.getValue().getOrDefault(site, Double.NaN)).toList());
    }
  }

  private void head(String first, List<String> columns) {
    line("| " + first + " | " + String.join(" | ", columns) + " |");
    line("|---|" + "---|".repeat(columns.size()));
  }

  private void row(String name, List<Double> values) {
    StringBuilder row = new StringBuilder("| " + name + " |");
    values.forEach(value -> row.append(' ').append(number(value)).append(" |"));
    line(row.toString());
  }

  private static String number(double value) {
    return Double.isFinite(value) ? String.format(Locale.ROOT, "%.4f", value) : "none";
  }

  private void line(String line) {
    text.append(line).append('\n');
  }
}
