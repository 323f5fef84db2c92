// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.window.internal;

import static org.fedwerk.window.internal.Given.part;
import static org.fedwerk.window.internal.Given.series;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.fedwerk.api.data.Derivation;
import org.fedwerk.api.data.PartData;
import org.fedwerk.api.data.Schema;
import org.fedwerk.api.data.Tensor;
import org.fedwerk.api.data.WindowFeatures;
import org.fedwerk.api.data.WindowStatistic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FeatureTensorTest {
  private static final float NAN = Float.NaN;
  private static final List<WindowStatistic> ALL = List.of(WindowStatistic.values());

  private static Tensor row(float... values) {
    return new Tensor(new int[] {1, values.length}, values);
  }

  private static float[] statistics(float... values) {
    return FeatureTensor.of(new WindowFeatures(0, 0, ALL), row(values)).values();
  }

  @Test
  void withoutFeaturesAWindowStaysAsItIs() {
    Tensor window = row(1, 2, 3);
    assertSame(window, FeatureTensor.of(WindowFeatures.NONE, window));
  }

  @Test
  void aDifferenceIsThereIfBothItsValuesAre() {
    Tensor window = new Tensor(new int[] {2, 4}, new float[] {1, 3, 6, 10, 5, NAN, 5, 8});
    Tensor first = FeatureTensor.of(new WindowFeatures(1, 0, List.of()), window);
    assertArrayEquals(new int[] {2, 3}, first.shape());
    assertArrayEquals(new float[] {2, 3, 4, NAN, NAN, 3}, first.values());
    Tensor second = FeatureTensor.of(new WindowFeatures(2, 0, List.of()), window);
    assertArrayEquals(new float[] {5, 7, 0, NAN}, second.values());
  }

  @Test
  void statisticsAreThoseOfTheTextbook() {
    // Mean, deviation, min, max, rms, slope, skewness, excess kurtosis.
    assertArrayEquals(
        new float[] {
          2.5f, (float) Math.sqrt(1.25), 1, 4, (float) Math.sqrt(7.5), 1, 0, (float) (41 / 25.0 - 3)
        },
        statistics(1, 2, 3, 4),
        1e-6f);
    assertArrayEquals(
        new float[] {1, (float) Math.sqrt(3), 0, 4, 2, -1.2f, (float) (2 / Math.sqrt(3)), -2 / 3f},
        statistics(4, 0, 0, 0),
        1e-6f);
    assertArrayEquals(new float[] {7, 0, 7, 7, 7, 0, 0, 0}, statistics(7, 7, 7));
  }

  @Test
  void aValueThatIsNotThereCountsInNoStatisticAndKeepsItsStep() {
    assertArrayEquals(
        new float[] {4, 2, 2, 6, (float) Math.sqrt(20), 2, 0, -2}, statistics(2, NAN, 6), 1e-6f);
    float[] nothing = statistics(NAN, NAN);
    for (float each : nothing) {
      assertEquals(NAN, each);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 8, 25, 60, 97, 128, 1000})
  void amplitudesAreThoseOfTheTransformByItsDefinition(int length) {
    Random random = new Random(length);
    double[] series = random.doubles(length, -10, 10).toArray();
    double[] amplitudes = Spectrum.amplitudes(series);
    assertEquals(length / 2, amplitudes.length);
    for (int k = 1; k <= length / 2; k++) {
      double re = 0;
      double im = 0;
      for (int n = 0; n < length; n++) {
        double angle = 2 * Math.PI * ((long) k * n % length) / length;
        re += series[n] * Math.cos(angle);
        im -= series[n] * Math.sin(angle);
      }
      double expected = (2 * k == length ? 1.0 : 2.0) / length * Math.hypot(re, im);
      assertEquals(expected, amplitudes[k - 1], 1e-9, "frequency " + k);
    }
  }

  @Test
  void aSineShowsItsAmplitudeInTheBandOfItsFrequencyWhateverItsPhase() {
    float[] values = new float[60];
    for (int n = 0; n < values.length; n++) {
      values[n] = (float) (100 + 3 * Math.sin(2 * Math.PI * 7 * n / 60 + 1));
    }
    float[] fine = FeatureTensor.of(new WindowFeatures(0, 30, List.of()), row(values)).values();
    float[] expected = new float[30];
    expected[6] = 3;
    assertArrayEquals(expected, fine, 1e-5f);
    float[] bands = FeatureTensor.of(new WindowFeatures(0, 3, List.of()), row(values)).values();
    assertArrayEquals(new float[] {0.3f, 0, 0}, bands, 1e-5f);
  }

  @Test
  void bandsOfFrequenciesThatDoNotDivideAreAsEqualAsTheyCanBe() {
    assertArrayEquals(new double[] {2, 4.5}, Spectrum.bands(new double[] {1, 2, 3, 4, 5}, 2));
    double[] three = Spectrum.bands(new double[] {1, 1, 1, 1, 1}, 3);
    assertArrayEquals(new double[] {1, 1, 1}, three);
  }

  @Test
  void aValueThatIsNotThereAddsNoAmplitude() {
    float[] values = new float[20];
    Arrays.fill(values, 5);
    values[3] = NAN;
    float[] bands = FeatureTensor.of(new WindowFeatures(0, 4, List.of()), row(values)).values();
    assertArrayEquals(new float[4], bands, 1e-6f);
  }

  @Test
  void bandsStandBeforeStatisticsAndMissingValuesAreCountedBeforeFeatures() {
    Schema plain = Given.schema(4, "torque");
    Schema schema =
        new Schema(
            plain.name(),
            1,
            plain.signals(),
            plain.window(),
            plain.label(),
            new WindowFeatures(0, 1, List.of(WindowStatistic.MAX, WindowStatistic.MEAN)),
            null);
    PartData data =
        new PartData(
            part("A", 0, 0, 4), Map.of("torque", series(0, 1, 1, -1, 2, Double.NaN, 3, 3)), false);
    Derivation.Result result = new SchemaDerivation().derive(schema, data);
    assertEquals(1, result.missing());
    Tensor input = result.window().orElseThrow();
    assertArrayEquals(schema.inputShape(), input.shape());
    assertArrayEquals(new int[] {1, 3}, input.shape());
    assertEquals(3, input.values()[1]);
    assertEquals(1, input.values()[2], 1e-6f);
    assertEquals(4, schema.sampledSize());
  }
}
