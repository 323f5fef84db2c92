// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.fedwerk.api.Refusal;
import org.fedwerk.api.data.Coverage;
import org.fedwerk.api.data.DataRole;
import org.fedwerk.api.data.Example;
import org.fedwerk.api.data.ExampleSource;
import org.fedwerk.api.data.SignalSpec;
import org.fedwerk.api.site.Assessment.Finding;
import org.fedwerk.api.site.Assessment.Verdict;
import org.fedwerk.api.task.Task;

/** What a site has to learn a task from. Read once when it is made; for one thread. */
final class DataFindings {
  /** Parts that are looked at for gaps: reading them takes a while. */
  static final int NEWEST_PARTS = 500;

  private static final int REASONS = 3;

  /** From this share on a prediction is Uncertain. */
  private static final double MANY_MISSING = 0.1;

  private static final double PERCENT = 100;

  private final Task task;
  private final List<Refusal> differences;
  private final List<Example> examples;
  private final Coverage coverage;
  private final LabelFindings labels;

  DataFindings(Task task, ExampleSource source) {
    this.task = task;
    this.differences = source.mismatches(task.schema());
    this.examples = source.examples(task.schema());
    this.coverage = source.coverage(task.schema(), NEWEST_PARTS);
    this.labels = new LabelFindings(task.schema().label(), examples, task.leastCount());
  }

  /** Examples of a role; for training those that a model may learn from. */
  List<Example> ofRole(DataRole role) {
    return examples.stream()
        .filter(each -> each.role() == role)
        .filter(each -> role != DataRole.TRAIN || task.schema().label().learnsFrom(each))
        .toList();
  }

  /** Fields in which the site differs from the schema, in words. */
  List<String> differences() {
    return differences.stream().map(Refusal::toString).toList();
  }

  Coverage coverage() {
    return coverage;
  }

  /** The most frequent reason why a part gave no example; empty if there is none. */
  String mostOften() {
    return coverage.reasons().keySet().stream().findFirst().orElse("");
  }

  /** True if all training labels say the same. */
  boolean isAlike() {
    return labels.isAlike();
  }

  /** A row for each thing. */
  List<Finding> rows() {
    List<Finding> rows = new ArrayList<>();
    if (differences.isEmpty()) {
      rows.add(Finding.said("signals and label", "as the task's schema says", "", Verdict.MET));
    }
    differences.forEach(
        each -> rows.add(Finding.said(each.where(), each.what(), "as the task", Verdict.SHORT)));
    int least = task.leastCount();
    rows.add(
        count(
            "training",
            DataRole.TRAIN,
            task.rounds().examplesLeast(),
            "rounds.examples-least",
            Verdict.SHORT));
    rows.add(count("validation", DataRole.VALIDATION, least, "egress.least-count", Verdict.SHORT));
    rows.add(count("test", DataRole.TEST, least, "egress.least-count", Verdict.NOTICE));
    rows.addAll(labels.rows());
    rows.addAll(parts());
    rows.addAll(gaps());
    return rows;
  }

  private Finding count(String what, DataRole role, int least, String key, Verdict otherwise) {
    int count = ofRole(role).size();
    return new Finding(
        what + " examples",
        count,
        "examples",
        "",
        "at least " + least + " (" + key + ")",
        count >= least ? Verdict.MET : otherwise);
  }

  private List<Finding> parts() {
    List<Finding> rows = new ArrayList<>();
    if (coverage.parts() == 0) {
      return List.of(
          Finding.said("newest parts", "no part was stored yet", "some", Verdict.UNKNOWN));
    }
    boolean most = 2L * coverage.windows() >= coverage.parts();
    Verdict lesser = most ? Verdict.NOTICE : Verdict.SHORT;
    rows.add(
        new Finding(
            "newest parts with a window",
            coverage.windows(),
            "parts",
            "of " + coverage.parts(),
            "at least half",
            coverage.windows() == coverage.parts() ? Verdict.MET : lesser));
    coverage.reasons().entrySet().stream()
        .limit(REASONS)
        .map(DataFindings::reason)
        .forEach(rows::add);
    rows.add(
        new Finding(
            "newest parts that wait for a label",
            coverage.unlabelled(),
            "parts",
            "",
            "",
            2L * coverage.unlabelled() > coverage.windows() ? Verdict.NOTICE : Verdict.NONE));
    rows.add(
        new Finding(
            "newest parts whose label came late",
            coverage.late(),
            "parts",
            "",
            "within " + task.schema().label().lateness().toSeconds() + " s",
            coverage.late() > 0 ? Verdict.NOTICE : Verdict.MET));
    return rows;
  }

  private static Finding reason(Map.Entry<String, Integer> reason) {
    return new Finding(
        "parts without an example",
        reason.getValue(),
        "parts",
        reason.getKey(),
        "",
        Verdict.NOTICE);
  }

  private List<Finding> gaps() {
    List<Finding> rows = new ArrayList<>();
    for (int row = 0; row < coverage.missing().size(); row++) {
      SignalSpec signal = task.schema().signals().get(row);
      double missing = coverage.missing().get(row);
      rows.add(
          new Finding(
              "values missing of " + signal.name(),
              PERCENT * missing,
              "%",
              "",
              "at most 10 %, or predictions are Uncertain",
              missing > MANY_MISSING ? Verdict.NOTICE : Verdict.MET));
    }
    return rows;
  }
}
