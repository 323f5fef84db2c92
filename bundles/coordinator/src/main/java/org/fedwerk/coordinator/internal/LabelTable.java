// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.fedwerk.api.data.LabelSpec;
import org.fedwerk.api.data.Target;
import org.fedwerk.api.learn.LabelStatistics;
import org.fedwerk.api.learn.Moments;
import org.fedwerk.api.model.ModelVersion;
import org.fedwerk.api.task.Task;

/**
 * What a version's contributors told of the labels that they learned from, as lines of Markdown:
 * none where no update is in it, and in anomaly detection, where only normal parts are learned
 * from.
 */
final class LabelTable {
  private static final String NOT_TOLD = "not told";

  private final LabelSpec label;
  private final int least;
  private final List<String> contributors;
  private final Map<String, LabelStatistics> told;

  /**
   * A table.
   *
   * @param told by contributor, as the version names them
   */
  LabelTable(Task task, ModelVersion model, Map<String, LabelStatistics> told) {
    label = task.schema().label();
    least = task.leastCount();
    contributors = model.contributors();
    this.told = told;
  }

  List<String> lines() {
    if (contributors.isEmpty() || label.isAnomaly()) {
      return List.of();
    }
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.add("## Labels");
    lines.add("");
    lines.add(
        told.isEmpty()
            ? "No site told of the labels that it learned from (labels.leave at the site)."
            : "Of the training examples, as far as sites told of them (labels.leave):");
    if (!told.isEmpty()) {
      lines.add("");
      lines.addAll(label.target().kind() == Target.Kind.VALUE ? numbers() : classes());
      if (least > 1) {
        lines.add("");
        lines.add(
            "What fewer than "
                + least
                + " examples stand behind, or would give such a number away, is not told.");
      }
    }
    return lines;
  }

  private List<String> classes() {
    List<String> rows = new ArrayList<>();
    rows.add("| site | " + String.join(" | ", label.classes()) + " |");
    rows.add("|---|" + "---|".repeat(label.classes().size()));
    long[] sums = new long[label.classes().size()];
    for (String each : contributors) {
      LabelStatistics its = told.get(each);
      List<Long> counts = its == null ? List.of() : its.classes();
      StringBuilder row = new StringBuilder("| " + each + " |");
      for (int k = 0; k < sums.length; k++) {
        long count = counts.isEmpty() ? 0 : counts.get(k);
        sums[k] += count;
        row.append(' ').append(count > 0 ? count : none(counts)).append(" |");
      }
      rows.add(row.toString());
    }
    StringBuilder all = new StringBuilder("| all, as far as told |");
    for (long sum : sums) {
      all.append(' ').append(sum).append(" |");
    }
    rows.add(all.toString());
    return rows;
  }

  /** Where nothing is kept back for being few, 0 means none. */
  private String none(List<Long> counts) {
    return counts.isEmpty() || least > 1 ? NOT_TOLD : "0";
  }

  private List<String> numbers() {
    List<String> rows = new ArrayList<>();
    rows.add("| site | examples | mean | deviation |");
    rows.add("|---|---|---|---|");
    Moments all = Moments.NONE;
    for (String each : contributors) {
      LabelStatistics its = told.get(each);
      if (its == null) {
        rows.add("| " + each + (" | " + NOT_TOLD).repeat(3) + " |");
      } else {
        rows.add(row(each, its.value()));
        all = all.plus(its.value());
      }
    }
    rows.add(row("all, as far as told", all));
    return rows;
  }

  private static String row(String name, Moments of) {
    return String.format(
        Locale.ROOT, "| %s | %d | %.6g | %.6g |", name, of.count(), of.mean(), of.deviation());
  }
}
