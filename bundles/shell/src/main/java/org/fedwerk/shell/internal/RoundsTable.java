// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.shell.internal;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.fedwerk.api.coordinator.Coordination.RoundRecord;
import org.fedwerk.api.learn.Evaluation;

/**
 * A task's run history as one table of comma-separated values: a column for each metric that any
 * round has, and for each site whose evaluation was disclosed. What a round lacks is an empty
 * field.
 */
final class RoundsTable {
  private static final List<String> FIXED =
      List.of(
          "task",
          "round",
          "attempt",
          "protocol",
          "seed",
          "started",
          "cohort",
          "missing",
          "bytes down",
          "bytes up",
          "seconds",
          "model");
  private static final String COUNT = "count";

  private final List<RoundRecord> rounds;

  RoundsTable(List<RoundRecord> rounds) {
    this.rounds = rounds;
  }

  void print(PrintStream out) {
    Set<String> columns = new LinkedHashSet<>(FIXED);
    for (RoundRecord round : rounds) {
      columns.addAll(round.metrics().keySet());
    }
    Set<String> sites = new TreeSet<>();
    rounds.forEach(round -> sites.addAll(round.evaluations().keySet()));
    List<String> ofASite = ofASite();
    for (String site : sites) {
      ofASite.forEach(metric -> columns.add(column(site, metric)));
    }
    Csv csv = new Csv(out);
    csv.record(new ArrayList<>(columns));
    for (RoundRecord round : rounds) {
      Map<String, String> row = row(round);
      csv.record(columns.stream().map(name -> row.getOrDefault(name, "")).toList());
    }
  }

  private List<String> ofASite() {
    Set<String> names = new LinkedHashSet<>(List.of(COUNT));
    rounds.forEach(
        round -> round.evaluations().values().forEach(each -> names.addAll(each.metrics())));
    return List.copyOf(names);
  }

  private static Map<String, String> row(RoundRecord round) {
    Map<String, String> row = new LinkedHashMap<>();
    round.metrics().forEach((name, value) -> row.put(name, number(value)));
    round.evaluations().forEach((site, evaluation) -> evaluated(row, site, evaluation));
    row.put("task", round.task().hex());
    row.put("round", Integer.toString(round.round()));
    row.put("attempt", Integer.toString(round.attempt()));
    row.put("protocol", round.protocol());
    row.put("seed", Long.toString(round.seed()));
    row.put("started", round.started().toString());
    row.put("cohort", String.join(" ", round.cohort()));
    row.put(
        "missing",
        round.missing().entrySet().stream()
            .map(each -> each.getKey() + ": " + Listing.plain(each.getValue()))
            .collect(Collectors.joining("; ")));
    row.put("bytes down", Long.toString(round.bytesDown()));
    row.put("bytes up", Long.toString(round.bytesUp()));
    row.put("seconds", number(round.duration().toNanos() / 1e9));
    row.put("model", round.model().hex());
    return row;
  }

  private static void evaluated(Map<String, String> row, String site, Evaluation evaluation) {
    row.put(column(site, COUNT), Long.toString(evaluation.count()));
    for (String metric : evaluation.metrics()) {
      row.put(column(site, metric), number(evaluation.metric(metric)));
    }
  }

  private static String column(String site, String metric) {
    return "site." + site + "." + metric;
  }

  /** All digits of a double; nothing where there is no number. */
  private static String number(double value) {
    return Double.isFinite(value) ? Double.toString(value) : "";
  }
}
