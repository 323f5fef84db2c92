// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.learn.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.fedwerk.api.data.Example;
import org.fedwerk.api.data.LabelSpec;
import org.fedwerk.api.data.Schema;
import org.fedwerk.api.data.Tensor;
import org.fedwerk.api.learn.Evaluation;
import org.fedwerk.api.learn.LabelledInputs;
import org.fedwerk.api.learn.Normalisation;
import org.fedwerk.api.task.Costs;
import org.junit.jupiter.api.Test;

class WindowPreparationTest {
  private static final float NAN = Float.NaN;

  private final WindowPreparation preparation = new WindowPreparation();
  private final Schema schema = Schemas.schema(2, 2, 3);

  @Test
  void fitsMeanAndDeviationOfEachSignalAtEachStepOverAllExamples() {
    Normalisation fitted =
        preparation.fit(
            schema,
            Schemas.examples(schema, new float[] {1, 2, 10, 10}, new float[] {3, 8, 30, 50}));

    assertArrayEquals(new float[] {2, 5, 20, 30}, fitted.mean());
    assertArrayEquals(new float[] {1, 3, 10, 20}, fitted.scale());
  }

  @Test
  void ofAnImageAllPixelsOfAChannelShareMeanAndDeviation() {
    Schema images = Schemas.images(3, 1, 2, 2);
    Normalisation fitted =
        preparation.fit(
            images,
            Schemas.examples(
                images,
                new float[] {0, 1, .5f, .5f, .25f, .75f},
                new float[] {1, 0, .5f, .5f, .75f, .25f}));

    assertArrayEquals(new float[] {.5f, .5f, .5f, .5f, .5f, .5f}, fitted.mean());
    assertArrayEquals(new float[] {.5f, .5f, 1, 1, .25f, .25f}, fitted.scale());
  }

  @Test
  void aCourseThatAllExamplesShareIsZeroAfterNormalisation() {
    List<Example> alike =
        Schemas.examples(schema, new float[] {1, 5, 20, 90}, new float[] {1, 5, 20, 90});

    LabelledInputs inputs = preparation.inputs(schema, preparation.fit(schema, alike), alike);

    assertArrayEquals(new float[8], inputs.values());
  }

  @Test
  void missingValuesTakeNoPartInTheFit() {
    Normalisation fitted =
        preparation.fit(
            schema,
            Schemas.examples(
                schema,
                new float[] {1, NAN, 7, 5},
                new float[] {3, 3, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY},
                new float[] {NAN, 7, 9, 11}));

    assertArrayEquals(new float[] {2, 5, 8, 8}, fitted.mean());
    assertArrayEquals(new float[] {1, 2, 1, 3}, fitted.scale());
  }

  @Test
  void aConstantValueOneThatCameOnceAndOneThatNeverCameGetScaleOne() {
    Normalisation fitted =
        preparation.fit(
            schema,
            Schemas.examples(
                schema,
                new float[] {0.1f, NAN, NAN, 1},
                new float[] {0.1f, 7, NAN, 5},
                new float[] {0.1f, NAN, NAN, NAN}));

    assertArrayEquals(new float[] {0.1f, 7, 0, 3}, fitted.mean());
    assertArrayEquals(new float[] {1, 1, 1, 2}, fitted.scale());
  }

  @Test
  void aSmallDeviationAroundALargeMeanKeepsItsDigits() {
    Schema one = Schemas.schema(1, 1, 2);

    Normalisation fitted =
        preparation.fit(
            one, Schemas.examples(one, new float[] {1_000_000f}, new float[] {1_000_000.5f}));

    assertArrayEquals(new float[] {0.25f}, fitted.scale());
  }

  @Test
  void noExampleAtAllGivesTheIdentity() {
    Normalisation fitted = preparation.fit(schema, List.of());

    assertArrayEquals(new float[4], fitted.mean());
    assertArrayEquals(new float[] {1, 1, 1, 1}, fitted.scale());
  }

  @Test
  void aMissingValueBecomesTheMeanWhichIsZeroAfterNormalisation() {
    Normalisation normalisation =
        new Normalisation(new float[] {10, 20, 100, 200}, new float[] {2, 4, 50, 10});

    float[] normalised =
        preparation.apply(
            schema, normalisation, new Tensor(new int[] {2, 2}, new float[] {12, NAN, 0, 150}));

    assertArrayEquals(new float[] {1, 0, -2, -5}, normalised);
  }

  @Test
  void inputsKeepTheOrderOfExamplesAndTheirClasses() {
    Normalisation identity = new Normalisation(new float[4], new float[] {1, 1, 1, 1});

    LabelledInputs inputs =
        preparation.inputs(
            schema,
            identity,
            List.of(
                Schemas.example(schema, 2, 1, 2, 3, 4), Schemas.example(schema, 0, 5, 6, NAN, 8)));

    assertEquals(2, inputs.count());
    assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6, 0, 8}, inputs.values());
    assertArrayEquals(new int[] {2, 0}, inputs.classes());
  }

  @Test
  void aWindowOfAnotherShapeIsNamed() {
    Schema other = Schemas.schema(1, 4, 2);
    Example foreign = Schemas.example(other, 1, 1, 2, 3, 4);

    String message =
        assertThrows(
                IllegalArgumentException.class, () -> preparation.fit(schema, List.of(foreign)))
            .getMessage();

    assertEquals("example part-1 has shape [1, 4], schema press demands [2, 2]", message);
  }

  @Test
  void aNormalisationOfAnotherSchemaIsRefused() {
    Normalisation other = new Normalisation(new float[3], new float[] {1, 1, 1});
    Tensor window = new Tensor(new int[] {2, 2}, new float[4]);

    String message =
        assertThrows(IllegalArgumentException.class, () -> preparation.apply(schema, other, window))
            .getMessage();

    assertEquals("the normalisation is for 3 values, schema press has 4; fit it again", message);
  }

  @Test
  void aNormalisationOfOneValuePerSignalIsRefused() {
    Normalisation perSignal = new Normalisation(new float[2], new float[] {1, 1});
    List<Example> examples = Schemas.examples(schema, new float[4]);

    assertThrows(
        IllegalArgumentException.class, () -> preparation.inputs(schema, perSignal, examples));
  }

  @Test
  void evaluationCountsConfusionAndCrossEntropy() {
    LabelledInputs inputs = new LabelledInputs(3, new float[3], new int[] {0, 1, 1});

    Evaluation evaluation =
        preparation.evaluate(2, inputs, new float[] {0.75f, 0.25f, 0.5f, 0.5f, 0.125f, 0.875f});

    assertEquals(3, evaluation.count());
    assertArrayEquals(new long[][] {{1, 0}, {1, 1}}, evaluation.confusion());
    assertEquals(-Math.log(0.75) - Math.log(0.5) - Math.log(0.875), evaluation.lossSum(), 1e-12);
  }

  /** Elkan 2001, equation 2: 5 / (5 + 100) here, from which on a site predicts the defect. */
  @Test
  void whatMistakesCostSaysFromWhereTheDefectCountsAsPredicted() {
    LabelSpec label = new LabelSpec("result", List.of("good", "bad"), Duration.ofHours(1));
    Costs costs = new Costs(100, 5, "EUR");
    float at = (float) costs.threshold();
    float[] probabilities = {1 - at, at, 0.96f, 0.04f, 0.75f, 0.25f, 0.5f, 0.5f};
    LabelledInputs inputs = new LabelledInputs(4, new float[4], new int[] {1, 1, 0, 0});

    Evaluation alike = preparation.evaluate(label, "cross-entropy", null, inputs, probabilities);
    Evaluation dear = preparation.evaluate(label, "cross-entropy", costs, inputs, probabilities);

    assertTrue(at >= costs.threshold(), "rounded up, or the first is below");
    assertArrayEquals(new long[][] {{2, 0}, {2, 0}}, alike.confusion());
    assertArrayEquals(new long[][] {{0, 2}, {1, 1}}, dear.confusion());
    assertEquals(0.5, dear.recall());
    assertEquals(1 / 3.0, dear.precision(), 1e-12);
    assertEquals(0.4, dear.f1(), 1e-12);
    assertEquals(0.25, dear.accuracy());
    assertEquals(alike.lossSum(), dear.lossSum());
    assertArrayEquals(alike.scoreHistogram(), dear.scoreHistogram());
    assertThrows(
        IllegalArgumentException.class,
        () ->
            preparation.evaluate(
                label, "cross-entropy", costs, inputs, new float[] {1, 0, 1, 0, 1, 0, 1, NAN}));
  }

  @Test
  void aCertainMistakeCostsAFiniteLoss() {
    LabelledInputs inputs = new LabelledInputs(1, new float[1], new int[] {1});

    Evaluation evaluation = preparation.evaluate(2, inputs, new float[] {1, 0});

    assertEquals(-Math.log(1e-7), evaluation.lossSum(), 1e-12);
  }

  @Test
  void theHistogramHoldsTheProbabilityOfTheHighestClass() {
    LabelledInputs inputs = new LabelledInputs(4, new float[4], new int[] {0, 1, 1, 1});

    long[][] histogram =
        preparation
            .evaluate(2, inputs, new float[] {1, 0, 0.5f, 0.5f, 0, 1, 0.50390625f, 0.49609375f})
            .scoreHistogram();

    assertEquals(1, histogram[0][0]);
    assertEquals(1, histogram[1][128]);
    assertEquals(1, histogram[1][255]);
    assertEquals(1, histogram[1][127]);
  }

  @Test
  void probabilitiesThatAreNoneAreRefused() {
    LabelledInputs inputs = new LabelledInputs(1, new float[1], new int[] {0});
    LabelledInputs strange = new LabelledInputs(1, new float[1], new int[] {2});

    assertThrows(
        IllegalArgumentException.class,
        () -> preparation.evaluate(2, inputs, new float[] {NAN, 0.5f}));
    assertThrows(
        IllegalArgumentException.class, () -> preparation.evaluate(2, inputs, new float[3]));
    assertThrows(
        IllegalArgumentException.class, () -> preparation.evaluate(2, strange, new float[2]));
  }
}
