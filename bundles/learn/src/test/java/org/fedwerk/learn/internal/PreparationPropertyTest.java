// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.learn.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.fedwerk.api.data.Schema;
import org.fedwerk.api.learn.Evaluation;
import org.fedwerk.api.learn.LabelledInputs;
import org.fedwerk.api.learn.Normalisation;

class PreparationPropertyTest {
  private static final int CLASSES = 3;
  private static final Schema SCHEMA = Schemas.schema(2, 3, CLASSES);

  private final WindowPreparation preparation = new WindowPreparation();

  /** One example's actual class and the probabilities it was given. */
  record Scored(int actual, float[] probabilities) {}

  @Property
  void theSumOfTwoEvaluationsIsTheEvaluationOfTheUnion(
      @ForAll("scored") List<Scored> here, @ForAll("scored") List<Scored> there) {
    List<Scored> all = new ArrayList<>(here);
    all.addAll(there);

    Evaluation sum = evaluate(here).plus(evaluate(there));
    Evaluation union = evaluate(all);

    assertEquals(union.count(), sum.count());
    assertEquals(union.lossSum(), sum.lossSum(), 1e-9 * (1 + union.lossSum()));
    assertArrayEquals(union.confusion(), sum.confusion());
    assertArrayEquals(union.scoreHistogram(), sum.scoreHistogram());
  }

  @Property
  void everyExampleIsCountedOnceInConfusionAndHistogram(@ForAll("scored") List<Scored> scored) {
    Evaluation evaluation = evaluate(scored);

    assertEquals(scored.size(), total(evaluation.confusion()));
    assertEquals(scored.size(), total(evaluation.scoreHistogram()));
  }

  @Property
  void normalisedInputsAreFiniteAndMissingValuesAreZero(@ForAll("windows") List<float[]> windows) {
    Normalisation fitted = fit(windows);

    float[] values = inputs(fitted, windows);

    for (int i = 0; i < values.length; i++) {
      float raw = windows.get(i / 6)[i % 6];
      float value = values[i];
      assertTrue(Float.isFinite(value), () -> raw + " became " + value);
      if (!Float.isFinite(raw)) {
        assertEquals(0f, value);
      }
    }
  }

  @Property
  void aSignalAtAStepHasMeanZeroAndDeviationOneOrNoneIfConstant(
      @ForAll("windows") List<float[]> windows) {
    Normalisation fitted = fit(windows);
    float[] values = inputs(fitted, windows);

    for (int element = 0; element < SCHEMA.inputSize(); element++) {
      Set<Float> raw = new HashSet<>();
      List<Float> present = new ArrayList<>();
      for (int n = 0; n < windows.size(); n++) {
        if (Float.isFinite(windows.get(n)[element])) {
          raw.add(windows.get(n)[element]);
          present.add(values[n * SCHEMA.inputSize() + element]);
        }
      }
      double mean = present.stream().mapToDouble(v -> v).average().orElse(0);
      double variance =
          present.stream().mapToDouble(v -> (v - mean) * (v - mean)).average().orElse(0);
      // The mean is kept as float32: values that lie close together lie off zero by its last digit.
      double digit = Math.ulp(fitted.mean()[element]) / fitted.scale()[element];
      assertEquals(0, mean, 1e-5 + digit);
      assertEquals(raw.size() > 1 ? 1 : 0, variance, 1e-3);
    }
  }

  private Normalisation fit(List<float[]> windows) {
    return preparation.fit(SCHEMA, Schemas.examples(SCHEMA, windows.toArray(float[][]::new)));
  }

  private float[] inputs(Normalisation normalisation, List<float[]> windows) {
    return preparation
        .inputs(SCHEMA, normalisation, Schemas.examples(SCHEMA, windows.toArray(float[][]::new)))
        .values();
  }

  private Evaluation evaluate(List<Scored> scored) {
    float[] probabilities = new float[scored.size() * CLASSES];
    for (int n = 0; n < scored.size(); n++) {
      System.arraycopy(scored.get(n).probabilities(), 0, probabilities, n * CLASSES, CLASSES);
    }
    int[] classes = scored.stream().mapToInt(Scored::actual).toArray();
    LabelledInputs inputs = new LabelledInputs(classes.length, new float[0], classes);
    return preparation.evaluate(CLASSES, inputs, probabilities);
  }

  private static long total(long[][] counts) {
    return Arrays.stream(counts).flatMapToLong(Arrays::stream).sum();
  }

  @Provide
  Arbitrary<List<Scored>> scored() {
    Arbitrary<float[]> probabilities =
        Arbitraries.floats()
            .between(0, 1)
            .array(float[].class)
            .ofSize(CLASSES)
            .map(PreparationPropertyTest::toDistribution);
    return Combinators.combine(Arbitraries.integers().between(0, CLASSES - 1), probabilities)
        .as(Scored::new)
        .list()
        .ofMaxSize(20);
  }

  private static float[] toDistribution(float[] raw) {
    float sum = 0;
    for (float value : raw) {
      sum += value;
    }
    float[] distribution = new float[raw.length];
    for (int k = 0; k < raw.length; k++) {
      distribution[k] = sum == 0 ? 1f / raw.length : Math.min(1, raw[k] / sum);
    }
    return distribution;
  }

  /** Values of a plant: whole numbers and hundredths, now and then missing. */
  @Provide
  Arbitrary<List<float[]>> windows() {
    Arbitrary<Float> value =
        Arbitraries.integers().between(-100_000, 100_000).map(hundredths -> hundredths / 100f);
    Arbitrary<Float> missing =
        Arbitraries.of(Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY);
    return Arbitraries.oneOf(value, value, value, missing)
        .array(float[].class)
        .ofSize(6)
        .list()
        .ofMaxSize(12);
  }
}
