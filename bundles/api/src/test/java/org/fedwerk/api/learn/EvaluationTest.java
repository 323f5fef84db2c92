// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.fedwerk.api.data.LabelSpec;
import org.fedwerk.api.data.Target;
import org.junit.jupiter.api.Test;

class EvaluationTest {
  private static final double NEAR = 1e-12;

  private static Evaluation twoClasses() {
    long[][] histogram = new long[2][Evaluation.BINS];
    histogram[0][0] = 190;
    histogram[1][255] = 13;
    return new Evaluation(203, 20.3, new long[][] {{180, 10}, {3, 10}}, histogram);
  }

  @Test
  void ratesOfTwoClassesAreThoseOfTheSecond() {
    Evaluation evaluation = twoClasses();
    assertEquals(190 / 203.0, evaluation.accuracy(), NEAR);
    assertEquals((180 / 190.0 + 10 / 13.0) / 2, evaluation.balancedAccuracy(), NEAR);
    assertEquals(0.5, evaluation.precision(), NEAR);
    assertEquals(10 / 13.0, evaluation.recall(), NEAR);
    assertEquals(20 / 33.0, evaluation.f1(), NEAR);
    assertEquals((360 / 373.0 + 20 / 33.0) / 2, evaluation.macroF1(), NEAR);
    assertEquals(0.1, evaluation.loss(), NEAR);
    assertEquals(1, evaluation.auc(), NEAR);
  }

  @Test
  void macroF1IsTheMeanOverTheClassesThatOccur() {
    Evaluation evaluation =
        new Evaluation(
            6, 0, new long[][] {{2, 1, 0}, {0, 2, 1}, {0, 0, 0}}, new long[2][Evaluation.BINS]);
    // F1 of the first: 2*2/(4+0+1), of the second: 2*2/(4+1+1).
    assertEquals((4 / 5.0 + 4 / 6.0) / 2, evaluation.macroF1(), NEAR);
    assertEquals(evaluation.macroF1(), evaluation.f1(), NEAR);
    assertEquals((1 + 2 / 3.0) / 2, evaluation.precision(), NEAR);
  }

  @Test
  void theAreaUnderTheCurveCountsTiesByHalf() {
    long[][] histogram = new long[2][Evaluation.BINS];
    histogram[0][0] = 3;
    histogram[0][10] = 1;
    histogram[1][5] = 1;
    histogram[1][10] = 1;
    Evaluation evaluation = new Evaluation(6, 0, new long[][] {{4, 0}, {2, 0}}, histogram);
    assertEquals(6.5 / 8, evaluation.auc(), NEAR);
    assertTrue(Double.isNaN(Evaluation.none(2).auc()));
  }

  @Test
  void calibrationIsOfTheSumsOfTheHistogram() {
    long[][] first = new long[2][Evaluation.BINS];
    first[0][10] = 30;
    first[1][10] = 2;
    long[][] second = new long[2][Evaluation.BINS];
    second[0][200] = 5;
    second[1][200] = 15;
    second[1][255] = 8;
    Evaluation sum =
        new Evaluation(32, 0, new long[][] {{30, 0}, {2, 0}}, first)
            .plus(new Evaluation(28, 0, new long[][] {{0, 5}, {0, 23}}, second));
    assertEquals(0.022786458333333332, sum.metric("ece"), NEAR);
    assertEquals(0.09436416625976562, sum.metric("brier"), NEAR);
    assertTrue(Metrics.isBetter("ece", 0.1, 0.2) && Metrics.isBetter("brier", 0.1, 0.2));
    assertTrue(!Metrics.ofCounts(Target.Kind.CLASS).contains("ece"));
  }

  @Test
  void aModelThatSaysWhatHappensIsCalibratedAndOneThatIsTooSureIsNot() {
    long[][] honest = new long[2][Evaluation.BINS];
    long[][] sure = new long[2][Evaluation.BINS];
    for (int bin = 0; bin < Evaluation.BINS; bin++) {
      honest[1][bin] = 2L * bin + 1;
      honest[0][bin] = 2L * Evaluation.BINS - honest[1][bin];
      sure[1][255] += honest[1][bin];
      sure[0][255] += honest[0][bin];
    }
    long all = 2L * Evaluation.BINS * Evaluation.BINS;
    assertEquals(0, new Evaluation(all, 0, new long[2][2], honest).ece(), NEAR);
    assertEquals(1 / 6.0, new Evaluation(all, 0, new long[2][2], honest).brier(), 1e-5);
    assertEquals(0.5, new Evaluation(all, 0, new long[2][2], sure).ece(), 1 / 512.0);
    assertTrue(Double.isNaN(Evaluation.none(2).ece()) && Double.isNaN(Evaluation.none(2).brier()));
  }

  @Test
  void aNumberHasErrorsAndNoClasses() {
    Evaluation one = Evaluation.ofErrors(1, 0.5, new Errors(9, 3));
    Evaluation sum = one.plus(Evaluation.ofErrors(1, 0.5, new Errors(16, 4)));
    assertEquals(Math.sqrt(12.5), sum.metric("rmse"), NEAR);
    assertEquals(3.5, sum.metric("mae"), NEAR);
    assertEquals(0.5, sum.metric("loss"), NEAR);
    assertTrue(Double.isNaN(sum.accuracy()));
    assertEquals(List.of("rmse", "mae", "loss"), sum.metrics());
  }

  @Test
  void severalClassesAreCountedEachByItself() {
    Evaluation evaluation =
        Evaluation.ofLabels(
            10, 1, List.of(new Counts(6, 1, 1, 2), new Counts(5, 0, 0, 5), new Counts(9, 1, 0, 0)));
    assertEquals((0.8 + 1 + 0.9) / 3, evaluation.accuracy(), NEAR);
    assertEquals(
        (4 / 6.0 + 1) / 2, evaluation.macroF1(), NEAR, "one that never occurs is left out");
    assertEquals(((2 / 3.0 + 6 / 7.0) / 2 + 1) / 2, evaluation.balancedAccuracy(), NEAR);
  }

  @Test
  void nothingIsTheStartOfASumOfAnyKindOfLabel() {
    Duration hour = Duration.ofHours(1);
    LabelSpec number =
        new LabelSpec("nox", List.of(), hour, new Target(Target.Kind.VALUE, "mg/m3", 65, 10));
    LabelSpec some = new LabelSpec("faults", List.of("a", "b"), hour, Target.SOME_CLASSES);
    assertEquals(0, Evaluation.none(number).plus(Evaluation.none(number)).count());
    assertEquals(2, Evaluation.none(some).labels().size());
    assertThrows(
        IllegalArgumentException.class, () -> Evaluation.none(some).plus(Evaluation.none(number)));
  }

  @Test
  void aMetricIsBetterByItsKindAndNeverIfItIsNoNumber() {
    assertTrue(Metrics.isBetter("rmse", 1, 2) && Metrics.isBetter("auc", 2, 1));
    assertTrue(!Metrics.isBetter("rmse", Double.NaN, 2) && !Metrics.isBetter("auc", 1, 1));
    for (Target.Kind kind : Target.Kind.values()) {
      for (String name : Metrics.of(kind)) {
        assertTrue(
            Double.isNaN(Evaluation.none(2).metric(name)) || kind != Target.Kind.CLASS, name);
      }
    }
    assertThrows(IllegalArgumentException.class, () -> twoClasses().metric("luck"));
  }
}
