// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.fedwerk.api.learn.DriftDetector;
import org.fedwerk.api.message.Body;
import org.fedwerk.api.message.Disclosure;
import org.fedwerk.api.message.Metric;
import org.fedwerk.api.task.DriftSpec;

/**
 * What became of a window of parts.
 *
 * @param parts in the window
 * @param verdicts per variable, signals first
 */
record DriftFinding(DriftSpec spec, int parts, Map<String, DriftDetector.Verdict> verdicts) {
  boolean isDrift() {
    return verdicts.values().stream().anyMatch(DriftDetector.Verdict::isDrift);
  }

  private List<DriftDetector.Verdict> inputs() {
    return verdicts.entrySet().stream()
        .filter(each -> !each.getKey().equals(DriftVariables.SCORE))
        .map(Map.Entry::getValue)
        .toList();
  }

  /** What may leave the site: how many signals, and how much. */
  List<Metric> metrics() {
    List<Metric> metrics = new ArrayList<>();
    if (spec.scope().hasInputs()) {
      metrics.add(
          metric(
              Body.Drift.INPUTS_DRIFTED,
              inputs().stream().filter(DriftDetector.Verdict::isDrift).count()));
      metrics.add(
          metric(
              Body.Drift.INPUTS_MOST,
              inputs().stream()
                  .mapToDouble(DriftDetector.Verdict::statistic)
                  .filter(Double::isFinite)
                  .max()
                  .orElse(Double.NaN)));
    }
    DriftDetector.Verdict score = verdicts.get(DriftVariables.SCORE);
    if (score != null && spec.scope().hasScores()) {
      metrics.add(metric(Body.Drift.SCORE, score.statistic()));
    }
    return metrics;
  }

  private Metric metric(String name, double value) {
    return new Metric(name, value, parts, Disclosure.INDIVIDUAL);
  }

  /** For people at the site. */
  String words() {
    String moved =
        verdicts.entrySet().stream()
            .filter(each -> each.getValue().isDrift())
            .map(each -> words(each.getKey(), each.getValue()))
            .collect(Collectors.joining(", "));
    String over = " in the last " + parts + " parts by " + spec.method().word();
    return moved.isEmpty() ? "no drift" + over : "drift" + over + ": " + moved;
  }

  private static String words(String variable, DriftDetector.Verdict verdict) {
    return String.format(
        Locale.ROOT, "%s %.3g above %.3g", variable, verdict.statistic(), verdict.bound());
  }
}
