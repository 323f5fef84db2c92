// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.fedwerk.api.site.Assessment.Finding;
import org.fedwerk.api.site.Assessment.Verdict;
import org.fedwerk.api.task.Task;

/**
 * How far a site is from the federation, as far as the site can know: a global model reaches it,
 * and statistics of all sites together where the task merges them. Pure.
 */
final class DistanceFindings {
  private static final String MODEL = "the global model here";

  private DistanceFindings() {}

  /**
   * A row for each thing.
   *
   * @param distance to the federation's statistics; empty if there are none here
   * @param worth what the model that is here is worth; empty if that is not known
   * @param unknown why it is not known; empty if it is
   * @param drift the newest judgement of predicted parts; empty if there is none
   */
  static List<Finding> rows(
      Task task,
      Optional<FederationDistance> distance,
      Optional<Worth> worth,
      String unknown,
      Optional<DriftFinding> drift) {
    List<Finding> rows = new ArrayList<>();
    rows.addAll(
        distance
            .map(FederationDistance::rows)
            .orElseGet(
                () ->
                    List.of(
                        Finding.said(
                            "distance to other sites' data", unknown(task), "", Verdict.UNKNOWN))));
    rows.add(
        worth
            .map(DistanceFindings::model)
            .orElseGet(() -> Finding.said(MODEL, unknown, "", Verdict.UNKNOWN)));
    if (task.drift() != null) {
      rows.add(
          drift
              .map(DistanceFindings::drift)
              .orElseGet(
                  () ->
                      Finding.said(
                          "drift of predicted parts",
                          "no window of parts was judged yet",
                          "",
                          Verdict.UNKNOWN)));
    }
    return rows;
  }

  private static String unknown(Task task) {
    return task.standardisesTogether()
        ? "not known here before the first model, which comes with the federation's statistics"
        : "not known here: their statistics do not leave them";
  }

  private static Finding model(Worth worth) {
    return new Finding(
        MODEL,
        worth.value(),
        worth.metric(),
        "version "
            + worth.version()
            + " on "
            + worth.examples()
            + " validation examples"
            + (Double.isNaN(worth.value()) ? ", which do not give " + worth.metric() : ""),
        worth.needed(),
        worth.passes() ? Verdict.MET : Verdict.SHORT);
  }

  private static Finding drift(DriftFinding drift) {
    return Finding.said(
        "drift of predicted parts",
        drift.words(),
        "none against the training examples",
        drift.isDrift() ? Verdict.NOTICE : Verdict.MET);
  }
}
