// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.learn.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.fedwerk.api.data.DataRole;
import org.fedwerk.api.data.Example;
import org.fedwerk.api.data.LabelSpec;
import org.fedwerk.api.data.Schema;
import org.fedwerk.api.data.Target;
import org.fedwerk.api.data.Tensor;
import org.fedwerk.api.learn.Counts;
import org.fedwerk.api.learn.Evaluation;
import org.fedwerk.api.learn.LabelledInputs;
import org.fedwerk.api.learn.Metrics;
import org.fedwerk.api.learn.Normalisation;
import org.junit.jupiter.api.Test;

class AnomalyEvaluationTest {
  private static final LabelSpec LABEL =
      new LabelSpec("check", List.of("ok", "bad"), Duration.ofHours(1), Target.NORMALITY);
  private static final Normalisation PLAIN =
      new Normalisation(new float[] {1, 2}, new float[] {2, 4});

  private final WindowPreparation preparation = new WindowPreparation();

  private static Schema schema() {
    Schema any = Schemas.schema(1, 2, 2);
    return new Schema(any.name(), 1, any.signals(), any.window(), LABEL);
  }

  private static Example example(int label, float... values) {
    return new Example(
        "P",
        Map.of(Example.WINDOW, new Tensor(new int[] {1, 2}, values)),
        label,
        label < 0 ? 0 : 1,
        DataRole.TEST);
  }

  @Test
  void aWindowIsItsOwnTargetButForWhatIsMissing() {
    LabelledInputs inputs =
        preparation.inputs(
            schema(),
            PLAIN,
            List.of(example(-1, 3, Float.NaN), example(0, 1, 6), example(1, 5, 2)));
    assertArrayEquals(new int[] {0, 0, 1}, inputs.classes());
    assertArrayEquals(new float[] {1, 0, 0, 1, 2, 0}, inputs.values());
    assertArrayEquals(new float[] {1, Float.NaN, 0, 1, 2, 0}, inputs.targets());
    LabelledInputs one =
        preparation.unlabelled(
            schema(), PLAIN, new Tensor(new int[] {1, 2}, new float[] {3, Float.NaN}));
    assertArrayEquals(new float[] {1, 0}, one.values());
    assertArrayEquals(new float[] {1, Float.NaN}, one.targets());
  }

  @Test
  void aScoreIsTheMeanSquaredErrorOverTheValuesThatAreThere() {
    LabelledInputs inputs =
        new LabelledInputs(
            2, new float[] {1, 0, 0, 1}, new int[2], new float[] {1, Float.NaN, 0, 1});
    assertArrayEquals(
        new double[] {4, 5}, preparation.scores(inputs, new float[] {3, 99, 1, 4}), 1e-12);
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> preparation.scores(inputs, new float[] {Float.NaN, 0, 0, 0}));
    assertTrue(String.valueOf(refused.getMessage()).contains("example 0"));
  }

  @Test
  void normalPartsGiveLossAndAlarmsAndDefectsTheRest() {
    LabelledInputs inputs =
        new LabelledInputs(6, new float[0], new int[] {0, 0, 0, 0, 1, 1}, new float[0]);
    Evaluation evaluation =
        preparation.evaluate(inputs, new double[] {0.1, 0.2, 0.3, 2, 4, 0.5}, 0.5);
    assertEquals(4, evaluation.count());
    assertEquals(2.6 / 4, evaluation.loss(), 1e-12);
    assertEquals(List.of(new Counts(3, 1, 1, 1)), evaluation.labels());
    assertEquals(0.25, evaluation.alarmRate());
    assertEquals(0.5, evaluation.f1());
    assertEquals(0.5, evaluation.precision());
    assertEquals(0.5, evaluation.recall());
    // The defect of 4 is above all four normal parts, that of 0.5 above three of them.
    assertEquals(7 / 8.0, evaluation.auc(), 1e-12);
    assertEquals(Metrics.of(Target.Kind.ANOMALY), evaluation.metrics());
    Evaluation twice = evaluation.plus(evaluation);
    assertEquals(0.25, twice.alarmRate());
    assertEquals(7 / 8.0, twice.auc(), 1e-12);
  }

  @Test
  void withoutDefectsThereIsNothingToTellOfThem() {
    LabelledInputs inputs = new LabelledInputs(2, new float[0], new int[2], new float[0]);
    Evaluation evaluation = preparation.evaluate(inputs, new double[] {1, 0}, 0);
    assertEquals(0.5, evaluation.alarmRate());
    assertTrue(Double.isNaN(evaluation.auc()) && Double.isNaN(evaluation.f1()));
    assertTrue(Double.isNaN(Evaluation.none(LABEL).alarmRate()));
    assertEquals(evaluation.labels(), Evaluation.none(LABEL).plus(evaluation).labels());
  }

  @Test
  void withoutAThresholdNothingIsAnAlarm() {
    LabelledInputs inputs =
        new LabelledInputs(2, new float[4], new int[] {0, 1}, new float[] {1, 1, 9, 9});
    Evaluation evaluation = preparation.evaluate(LABEL, "mse", null, inputs, new float[4]);
    assertEquals(1, evaluation.loss());
    assertEquals(0, evaluation.alarmRate());
    assertEquals(1, evaluation.auc());
  }
}
