// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.fedwerk.api.Digest;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.data.LabelSpec;
import org.fedwerk.api.data.Target;
import org.fedwerk.api.learn.Counts;
import org.fedwerk.api.learn.Errors;
import org.fedwerk.api.learn.Evaluation;
import org.fedwerk.api.learn.Layout;
import org.fedwerk.api.learn.Network;
import org.fedwerk.api.message.Body;
import org.fedwerk.api.message.Disclosure;
import org.fedwerk.api.model.ModelVersion;
import org.fedwerk.api.task.TaskDocument;
import org.fedwerk.api.task.ThresholdSpec;
import org.fedwerk.coordinator.internal.replies.UpdateReader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the coordinator takes and tells of anomalies. */
class AnomalyTest {
  private static final Digest BASE = Digest.of(new byte[] {1});

  private TaskContext context;

  @BeforeEach
  void submit() throws RefusedException {
    LabelSpec label =
        new LabelSpec("check", List.of("ok", "bad"), Duration.ofHours(1), Target.NORMALITY);
    TaskDocument document =
        new TaskDocument(
            Fixtures.task(label, null, new ThresholdSpec(0.98, 0.1, 100)), "press 3 2");
    context =
        new TaskContext(
            document,
            document.digest(),
            new Network(
                List.of(), new Layout(List.of()), new int[] {1, 4}, 4, Network.Head.RECONSTRUCTION),
            new Strategy(Fixtures.FEDAVG, Optional.empty()),
            new UpdateReader(List.of(), 100),
            100);
  }

  private Optional<String> why(Evaluation evaluation) {
    return new ReplyCheck(context)
        .why(
            "metrics",
            BASE,
            new Body.Manifest(
                BASE,
                List.of(),
                0,
                Disclosure.INDIVIDUAL,
                List.of(),
                Optional.of(evaluation),
                0,
                null));
  }

  private static long[][] histogram(long normal, long defects) {
    long[][] histogram = new long[2][Evaluation.BINS];
    histogram[0][7] = normal;
    histogram[1][250] = defects;
    return histogram;
  }

  @Test
  void countsAndScoresThatAddUpAreTaken() {
    Counts counts = new Counts(90, 10, 1, 4);
    assertEquals(Optional.empty(), why(Evaluation.ofAnomalies(12.5, counts, histogram(100, 5))));
  }

  @Test
  void whatDoesNotAddUpIsRefused() {
    Counts counts = new Counts(90, 10, 1, 4);
    long[][] empty = new long[0][0];
    List<Evaluation> wrong =
        List.of(
            Evaluation.ofAnomalies(12.5, counts, histogram(100, 4)),
            Evaluation.ofAnomalies(12.5, counts, histogram(99, 6)),
            Evaluation.ofAnomalies(-1, counts, histogram(100, 5)),
            Evaluation.ofAnomalies(Double.NaN, counts, histogram(100, 5)),
            Evaluation.ofAnomalies(12.5, new Counts(110, -10, 1, 4), histogram(100, 5)),
            new Evaluation(105, 1, empty, histogram(100, 5), List.of(counts), Errors.NONE),
            Evaluation.none(2),
            Evaluation.ofErrors(100, 1, Errors.NONE));
    for (Evaluation each : wrong) {
      assertEquals(
          Optional.of("evaluation does not hold counts and scores of anomalies that add up"),
          why(each),
          each.toString());
    }
  }

  @Test
  void theCardSaysWhatAnAlarmIs() {
    ModelVersion first =
        new ModelVersion(context.digest(), 0, BASE, BASE, List.of(), List.of(), Double.NaN);
    String card = ModelCard.of(context, first, Optional.empty(), Optional.empty());
    assertTrue(card.contains("- output: check, an anomaly score, and whether that is an alarm\n"));
    assertTrue(
        card.contains(
            "- alarm: above the 0.9800 quantile of the scores of a site's normal validation parts,"
                + " by itself\n"),
        card);
  }
}
