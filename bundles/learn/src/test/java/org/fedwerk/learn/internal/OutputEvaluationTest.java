// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.learn.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.data.DataRole;
import org.fedwerk.api.data.Example;
import org.fedwerk.api.data.LabelSpec;
import org.fedwerk.api.data.Schema;
import org.fedwerk.api.data.Target;
import org.fedwerk.api.data.Tensor;
import org.fedwerk.api.learn.Counts;
import org.fedwerk.api.learn.Evaluation;
import org.fedwerk.api.learn.LabelledInputs;
import org.fedwerk.api.learn.Network;
import org.fedwerk.api.learn.Normalisation;
import org.fedwerk.api.task.ModelSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutputEvaluationTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final LabelSpec NOX =
      new LabelSpec("nox", List.of(), HOUR, new Target(Target.Kind.VALUE, "mg/m3", 65, 10));
  private static final LabelSpec FAULTS =
      new LabelSpec("faults", List.of("heat", "power"), HOUR, Target.SOME_CLASSES);

  private final WindowPreparation preparation = new WindowPreparation();

  private static Schema schema(LabelSpec label) {
    Schema schema = Schemas.schema(1, 1, 2);
    return new Schema(schema.name(), 1, schema.signals(), schema.window(), label);
  }

  private static Example example(float... target) {
    return new Example(
        "P",
        Map.of(
            Example.WINDOW,
            new Tensor(new int[] {1, 1}, new float[] {3}),
            Example.TARGET,
            new Tensor(new int[] {target.length}, target)),
        -1,
        1,
        DataRole.TRAIN);
  }

  @Test
  void targetsOfNumbersAreScaledByTheTask() {
    LabelledInputs inputs =
        preparation.inputs(
            schema(NOX),
            new Normalisation(new float[] {1}, new float[] {2}),
            List.of(example(85), example(60)));
    assertArrayEquals(new float[] {2, -0.5f}, inputs.targets());
    assertArrayEquals(new float[] {1, 1}, inputs.values());
    assertEquals(0, inputs.classes().length);
    assertThrows(
        IllegalArgumentException.class,
        () ->
            preparation.inputs(
                schema(NOX),
                new Normalisation(new float[1], new float[] {1}),
                List.of(example(1, 2))));
  }

  /** Scaled errors of 0.5 and 2 are 5 and 20 mg/m3. */
  @ParameterizedTest
  @CsvSource({"mse, 2.125", "mae, 1.25", "huber, 0.8125"})
  void errorsAreInTheLabelsUnitAndTheLossIsScaled(String loss, double mean) {
    LabelledInputs inputs = new LabelledInputs(2, new float[2], new int[0], new float[] {0, 1});
    Evaluation evaluation = preparation.evaluate(NOX, loss, null, inputs, new float[] {0.5f, -1});
    assertEquals(Math.sqrt((25 + 400) / 2.0), evaluation.rmse(), 1e-9);
    assertEquals(12.5, evaluation.mae(), 1e-9);
    assertEquals(mean, evaluation.loss(), 1e-9);
  }

  @Test
  void severalClassesAreCountedFromOneHalf() {
    LabelledInputs inputs =
        new LabelledInputs(2, new float[2], new int[0], new float[] {1, 0, 0, 1});
    Evaluation evaluation =
        preparation.evaluate(
            FAULTS, "binary-cross-entropy", null, inputs, new float[] {0.5f, 0.75f, 0.25f, 0.25f});
    assertEquals(List.of(new Counts(1, 0, 0, 1), new Counts(0, 1, 1, 0)), evaluation.labels());
    double expected = -(Math.log(0.5) + Math.log(0.25) + Math.log(0.75) + Math.log(0.25)) / 4;
    assertEquals(expected, evaluation.loss(), 1e-9);
    assertThrows(
        IllegalArgumentException.class,
        () -> preparation.evaluate(FAULTS, "", null, inputs, new float[] {2, 0, 0, 0}));
  }

  @Test
  void theHeadFollowsTheKindOfLabel() throws RefusedException {
    NamedArchitectures architectures = new NamedArchitectures();
    ModelSpec linear = new ModelSpec("linear", List.of());
    Network number = architectures.network(linear, schema(NOX));
    assertEquals(Network.Head.IDENTITY, number.head());
    assertEquals(1, number.outputs());
    assertEquals(Network.Head.SIGMOID, architectures.network(linear, schema(FAULTS)).head());
    assertEquals(
        Network.Head.SOFTMAX, architectures.network(linear, Schemas.schema(1, 1, 3)).head());
  }
}
