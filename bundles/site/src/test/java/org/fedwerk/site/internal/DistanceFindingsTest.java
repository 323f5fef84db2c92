// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.learn.DriftDetector;
import org.fedwerk.api.learn.Moments;
import org.fedwerk.api.site.Assessment.Finding;
import org.fedwerk.api.site.Assessment.Verdict;
import org.fedwerk.api.task.Task;
import org.fedwerk.task.internal.YamlTaskReader;
import org.junit.jupiter.api.Test;

class DistanceFindingsTest {
  private static final Worth WORTH =
      new Worth(7, 12, "balanced-accuracy", 0.75, "above 0.5000", true);

  private static Task task(String groups) throws RefusedException {
    return new YamlTaskReader().read(Tasks.PRESS + groups).task();
  }

  private static List<Finding> rows(Task task, Worth worth, DriftFinding drift) {
    return DistanceFindings.rows(
        task,
        Optional.empty(),
        Optional.ofNullable(worth),
        worth == null ? "not known before the first model" : "",
        Optional.ofNullable(drift));
  }

  @Test
  void beforeTheFirstModelNothingIsKnownAndNothingIsInvented() throws Exception {
    List<Finding> rows = rows(task(""), null, null);
    assertEquals(2, rows.size());
    assertTrue(rows.stream().allMatch(each -> each.verdict() == Verdict.UNKNOWN));
    assertTrue(rows.stream().allMatch(each -> Double.isNaN(each.number())));
    assertEquals("not known before the first model", rows.get(1).value());
  }

  @Test
  void whereSitesStandardiseTogetherTheDistanceIsKnownWithTheFirstModel() throws Exception {
    Task task = task("normalisation: federated\n");
    assertEquals(
        "not known here before the first model, which comes with the federation's statistics",
        rows(task, null, null).get(0).value());
    FederationDistance distance =
        FederationDistance.of(
            task.schema(),
            List.of(new Moments(9, 12, 4), new Moments(9, 1, 1)),
            List.of(new Moments(40, 10, 16), new Moments(40, 1.5, 0.25)));
    List<Finding> rows =
        DistanceFindings.rows(
            task, Optional.of(distance), Optional.of(WORTH), "", Optional.empty());
    assertEquals(3, rows.size());
    assertEquals(1, rows.get(0).number());
    assertEquals(
        "the largest of 2 inputs, way: mean 1.000 here, 1.500 in the federation",
        rows.get(0).words());
    assertEquals(Verdict.MET, rows.get(0).verdict());
  }

  @Test
  void aModelIsWorthWhatItReachesHereAgainstWhatIsNeeded() throws Exception {
    assertEquals(
        new Finding(
            "the global model here",
            0.75,
            "balanced-accuracy",
            "version 7 on 12 validation examples",
            "above 0.5000",
            Verdict.MET),
        rows(task(""), WORTH, null).get(1));
    Worth none = new Worth(7, 12, "auc", Double.NaN, "above 0.5000", false);
    Finding unknown = rows(task(""), none, null).get(1);
    assertEquals(Verdict.SHORT, unknown.verdict());
    assertEquals("version 7 on 12 validation examples, which do not give auc", unknown.value());
  }

  @Test
  void whereATaskWatchesForDriftItsNewestJudgementIsShown() throws Exception {
    Task task = task("drift: {method: psi}\n");
    assertEquals(Verdict.UNKNOWN, rows(task, WORTH, null).get(2).verdict());
    DriftFinding moved =
        new DriftFinding(
            Objects.requireNonNull(task.drift()),
            500,
            Map.of("force", new DriftDetector.Verdict(0.41, 0.2)));
    Finding drift = rows(task, WORTH, moved).get(2);
    assertEquals(Verdict.NOTICE, drift.verdict());
    assertEquals("drift in the last 500 parts by psi: force 0.410 above 0.200", drift.value());
    DriftFinding still =
        new DriftFinding(
            Objects.requireNonNull(task.drift()),
            500,
            Map.of("force", new DriftDetector.Verdict(0.01, 0.2)));
    assertEquals(Verdict.MET, rows(task, WORTH, still).get(2).verdict());
  }
}
