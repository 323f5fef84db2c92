// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.data.LabelSpec;
import org.fedwerk.api.data.Target;
import org.fedwerk.api.learn.Counts;
import org.fedwerk.api.learn.Errors;
import org.fedwerk.api.learn.Evaluation;
import org.fedwerk.api.task.Costs;
import org.fedwerk.api.task.Task;
import org.fedwerk.coordinator.internal.replies.ReplyRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RatesTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final LabelSpec NUMBER =
      new LabelSpec("nox", List.of(), HOUR, new Target(Target.Kind.VALUE, "mg/m3", 65, 10));

  private static Task task(LabelSpec label, @Nullable Costs costs) throws RefusedException {
    return Fixtures.task(label, costs, null);
  }

  private static Evaluation classes(long right, long wrong, int goodBin, int badBin) {
    long[][] histogram = new long[2][Evaluation.BINS];
    histogram[0][goodBin] = right;
    histogram[1][badBin] = wrong;
    return new Evaluation(right + wrong, 0, new long[][] {{right, 0}, {wrong, 0}}, histogram);
  }

  @Test
  void aRateIsTheMeanOverSitesWeightedSummedAndTheWorst() throws RefusedException {
    Map<String, Double> rates =
        new Rates(
                task(NUMBER, null),
                "test",
                List.of(
                    Evaluation.ofErrors(1, 0, new Errors(4, 2)),
                    Evaluation.ofErrors(3, 0, new Errors(48, 12))))
            .all();
    assertEquals(3, rates.get("test.rmse"), 1e-12);
    assertEquals(3.5, rates.get("test.weighted.rmse"), 1e-12);
    assertEquals(Math.sqrt(13), rates.get("test.summed.rmse"), 1e-12);
    assertEquals(4, rates.get("test.worst.rmse"), 1e-12);
    assertEquals(4, rates.get("test.examples"));
    assertFalse(rates.containsKey("test.accuracy"), "a number has none");
  }

  @Test
  void theWorstSiteOfAShareIsTheLowest() throws RefusedException {
    LabelSpec label = new LabelSpec("ok", List.of("good", "bad"), HOUR);
    Map<String, Double> rates =
        new Rates(
                task(label, null), "validation", List.of(classes(9, 1, 0, 5), classes(5, 5, 9, 5)))
            .all();
    assertEquals(0.5, rates.get("validation.worst.accuracy"), 1e-12);
    assertEquals(0, rates.get("validation.worst.auc"), 1e-12);
    assertEquals(0.5, rates.get("validation.auc"), 1e-12);
    // 9 of 14 good ones are below all 6 bad ones.
    assertEquals(9 / 14.0, rates.get("validation.summed.auc"), 1e-12);
  }

  @Test
  void costsGiveThresholdsAndWhatTheySave() throws RefusedException {
    LabelSpec label = new LabelSpec("ok", List.of("good", "bad"), HOUR);
    Map<String, Double> rates =
        new Rates(task(label, new Costs(90, 10, "EUR")), "test", List.of(classes(9, 1, 20, 230)))
            .all();
    assertEquals(0.1, rates.get("test.threshold"), 1e-12);
    assertEquals(9000, rates.get("test.saving-per-1000.EUR"), 1e-9);
    assertEquals(230 / 256.0, rates.get("test.best-threshold"), 1e-12);
    assertEquals(9000, rates.get("test.best-saving-per-1000.EUR"), 1e-9);
  }

  @Test
  void alarmsOnNormalPartsAreSummedAndTheWorstIsTheLargestShare() throws RefusedException {
    LabelSpec label = new LabelSpec("", List.of(), HOUR, Target.NORMALITY);
    long[][] histogram = new long[2][Evaluation.BINS];
    histogram[0][3] = 100;
    histogram[1][200] = 4;
    Map<String, Double> rates =
        new Rates(
                task(label, null),
                "test",
                List.of(
                    Evaluation.ofAnomalies(50, new Counts(98, 2, 1, 3), histogram),
                    Evaluation.ofAnomalies(
                        30, new Counts(18, 2, 0, 0), new long[2][Evaluation.BINS])))
            .all();
    assertEquals(0.06, rates.get("test.alarm-rate"), 1e-12);
    assertEquals(4 / 120.0, rates.get("test.summed.alarm-rate"), 1e-12);
    assertEquals(0.1, rates.get("test.worst.alarm-rate"), 1e-12);
    assertEquals(80 / 120.0, rates.get("test.summed.loss"), 1e-12);
    assertEquals(0.75, rates.get("test.recall"), 1e-12, "of the site that has defects");
    assertEquals(1, rates.get("test.summed.auc"), 1e-12);
    assertEquals(120, rates.get("test.examples"));
  }

  @Test
  void withoutASiteThereIsNoNumber() throws RefusedException {
    Map<String, Double> rates = new Rates(task(NUMBER, null), "test", List.of()).all();
    assertTrue(Double.isNaN(rates.get("test.rmse")) && Double.isNaN(rates.get("test.worst.mae")));
  }

  @Test
  void evaluationsOfAnyKindOfLabelAreReadAsTheyWereWritten() {
    for (Evaluation each :
        List.of(
            Evaluation.ofErrors(3, 0.5, new Errors(48, 12)),
            Evaluation.ofLabels(4, 0.25, List.of(new Counts(1, 2, 0, 1), new Counts(4, 0, 0, 0))),
            classes(9, 1, 20, 230))) {
      ReplyRecord reply = new ReplyRecord("a", List.of(), 0, List.of(), Optional.of(each), 7);
      ReplyRecord read = ReplyRecord.decode(reply.encode());
      assertEquals(7, read.localRevision(), "what stands behind it is still in its place");
      Evaluation got = read.evaluation().orElseThrow();
      assertEquals(each.errors(), got.errors());
      assertEquals(each.labels(), got.labels());
      assertEquals(each.count(), got.count());
    }
  }
}
