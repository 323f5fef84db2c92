// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.learn.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.fedwerk.api.learn.DriftDetector;
import org.fedwerk.api.task.DriftSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DriftDetectionTest {
  private static final double[] SAMPLE = {
    0.61, 0.29, 0.06, 0.59, -1.73, -0.74, 0.51, -0.56, 0.39, 1.64, 0.05, -0.06, 0.64, -0.82, 0.37,
    1.77, 1.09, -1.28, 2.36, 1.31, 1.05, -0.32, -0.40, 1.06, -2.47
  };

  private final NamedDriftDetection detection = new NamedDriftDetection();

  @Test
  void theStabilityIndexIsThatOfItsFormula() {
    long[] even = {25, 25, 25, 25};
    assertEquals(0, StabilityIndex.of(even, even));
    assertEquals(0.21799421315274758, StabilityIndex.of(even, new long[] {10, 20, 30, 40}), 1e-12);
    assertEquals(
        1.3838738353288287, StabilityIndex.of(new long[] {5, 5}, new long[] {0, 10}), 1e-12);
  }

  @Test
  void withFewValuesChanceAloneGivesALargeIndex() {
    // The chi-square quantile of 0.999 with 9 degrees of freedom is 27.88.
    assertEquals(27.88 * 0.003, StabilityIndex.chance(10, 1000, 500), 1e-3);
    double[] reference = new SplittableRandom(1).doubles(50).toArray();
    StabilityIndex index = new StabilityIndex(0.01, 10, reference);
    new SplittableRandom(2).doubles(50).forEach(index::add);
    DriftDetector.Verdict verdict = index.judge();
    assertTrue(verdict.statistic() > 0.01 && !verdict.isDrift(), verdict.toString());
    assertEquals(StabilityIndex.chance(10, 50, 50), verdict.bound());
  }

  @Test
  void aConstantSignalThatMovesEitherWayDrifts() {
    double[] reference = new double[200];
    Arrays.fill(reference, 7);
    for (double moved : new double[] {6.5, 7.5}) {
      StabilityIndex index = new StabilityIndex(0.2, 10, reference);
      for (int i = 0; i < 200; i++) {
        index.add(moved);
      }
      assertTrue(index.judge().isDrift(), "to " + moved);
      for (int i = 0; i < 200; i++) {
        index.add(7);
      }
      assertFalse(index.judge().isDrift(), "back");
    }
  }

  @Test
  void theDistanceOfTwoSamplesIsThatOfTheirDistributionFunctions() {
    double[] other = new double[15];
    for (int i = 0; i < 13; i++) {
      other[i] = SAMPLE[2 * i] + 0.5;
    }
    other[13] = 3;
    other[14] = 2.5;
    KolmogorovSmirnov test = new KolmogorovSmirnov(0.05, SAMPLE);
    Arrays.stream(other).forEach(test::add);
    DriftDetector.Verdict verdict = test.judge();
    assertEquals(0.4, verdict.statistic(), 1e-12);
    assertEquals(0.4435540976619912, verdict.bound(), 1e-12);
    assertFalse(verdict.isDrift());
  }

  @Test
  void equalValuesCountTogether() {
    assertEquals(0, KolmogorovSmirnov.distance(new double[] {1, 1, 2}, new double[] {1, 1, 2}));
    assertEquals(0.5, KolmogorovSmirnov.distance(new double[] {1, 1}, new double[] {1, 2}), 1e-12);
    assertEquals(1, KolmogorovSmirnov.distance(new double[] {1, 2}, new double[] {3}));
  }

  @Test
  void theBoundOfAdaptiveWindowingIsThePapers() {
    assertEquals(0.15654356949031234, Adwin.bound(0.002, 500, 500, 0.25), 1e-12);
    assertEquals(0.439789527765745, Adwin.bound(0.002, 100, 20, 0.01), 1e-12);
  }

  @Test
  void adaptiveWindowingDropsWhatCameBeforeAStep() {
    Adwin window = new Adwin(0.002);
    for (int i = 0; i < 200; i++) {
      assertEquals(Adwin.Cut.NONE, window.add(0.2));
    }
    int after = 0;
    Adwin.Cut cut = Adwin.Cut.NONE;
    while (cut == Adwin.Cut.NONE && after < 100) {
      cut = window.add(0.8);
      after++;
    }
    // Trying every cut of the whole window, as the paper's first form does, shows it after 15.
    assertTrue(after >= 15 && after <= 20, "cut after " + after);
    assertTrue(cut.difference() > cut.bound() && cut.difference() <= 0.6 + 1e-9, cut.toString());
    for (int i = 0; i < 60; i++) {
      var unused = window.add(0.8);
    }
    // Some old values stay that are too few to be told from chance.
    assertEquals(0.8, window.mean(), 0.1);
    assertTrue(window.count() < 100, window.count() + " values are left");
  }

  @Test
  void adaptiveWindowingKeepsAStreamThatStaysAsItIs() {
    Adwin window = new Adwin(0.002);
    SplittableRandom random = new SplittableRandom(5);
    for (int i = 0; i < 5000; i++) {
      assertEquals(Adwin.Cut.NONE, window.add(random.nextDouble()), "value " + i);
    }
    assertEquals(5000, window.count());
    assertEquals(0.5, window.mean(), 0.02);
  }

  private static DriftSpec spec(DriftSpec.Method method) {
    double bound = method == DriftSpec.Method.PSI ? 0.2 : 0.001;
    return new DriftSpec(method, DriftSpec.Scope.BOTH, bound, 10, 500, 1, 1000, 1, 1);
  }

  private static float[] normal(int count, long seed, double mean) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      double square = -2 * Math.log(1 - random.nextDouble());
      values[i] = (float) (mean + Math.sqrt(square) * Math.cos(2 * Math.PI * random.nextDouble()));
    }
    return values;
  }

  @ParameterizedTest
  @EnumSource
  void everyMethodFindsAShiftAndNoneWhereThereIsNone(DriftSpec.Method method) {
    DriftDetector detector = detection.detector(spec(method), 4, normal(1000, 1, 20));
    for (int window = 0; window < 5; window++) {
      for (float value : normal(500, 10 + window, 20)) {
        detector.add(value);
      }
      DriftDetector.Verdict verdict = detector.judge();
      assertFalse(verdict.isDrift(), method + " in window " + window + ": " + verdict);
    }
    for (float value : normal(500, 99, 21)) {
      detector.add(value);
    }
    DriftDetector.Verdict verdict = detector.judge();
    assertTrue(verdict.isDrift(), method + ": " + verdict);
  }

  @ParameterizedTest
  @EnumSource
  void valuesThatAreMissingArePassedOver(DriftSpec.Method method) {
    DriftDetector detector =
        detection.detector(spec(method), 1, new float[] {Float.NaN, 1, 2, Float.NaN, 3});
    detector.add(Double.NaN);
    assertFalse(detector.judge().isDrift());
    DriftDetector blind = detection.detector(spec(method), 1, new float[0]);
    blind.add(3);
    assertFalse(blind.judge().isDrift());
  }
}
