// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.window.internal;

import static org.fedwerk.window.internal.Given.nanos;
import static org.fedwerk.window.internal.Given.part;
import static org.fedwerk.window.internal.Given.schema;
import static org.fedwerk.window.internal.Given.series;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.fedwerk.api.data.Derivation;
import org.fedwerk.api.data.PartData;
import org.fedwerk.api.data.Series;
import org.junit.jupiter.api.Test;

class SchemaDerivationTest {
  private static final float NAN = Float.NaN;
  private final Derivation derivation = new SchemaDerivation();

  private Derivation.Result derive(int steps, double end, Map<String, Series> series) {
    PartData data = new PartData(part("A", 0, 0, end), series, false);
    return derivation.derive(
        schema(steps, series.keySet().stream().sorted().toArray(String[]::new)), data);
  }

  private static float[] values(Derivation.Result result) {
    return result.window().orElseThrow().values();
  }

  @Test
  void sixtySamplesAtTheBeginsOfSixtySecondsGiveExactlyTheSixtyValues() {
    long[] times = new long[60];
    double[] values = new double[60];
    float[] expected = new float[60];
    for (int i = 0; i < 60; i++) {
      times[i] = nanos(i);
      values[i] = 151.47 + i;
      expected[i] = (float) values[i];
    }
    Derivation.Result result = derive(60, 60, Map.of("PS1", new Series(times, values)));
    assertArrayEquals(expected, values(result));
    assertEquals(0, result.missing());
    assertEquals("", result.reason());
  }

  @Test
  void theNewestSampleBeforeTheEndOfAStepCountsAndHoldsUntilTheNext() {
    Derivation.Result result =
        derive(4, 4, Map.of("torque", series(-0.5, 9, 0.2, 1, 0.999, 2, 1, 3, 3.5, 4)));
    assertArrayEquals(new float[] {2, 3, 3, 4}, values(result));
  }

  @Test
  void aValueFromBeforeThePartHoldsAtItsBegin() {
    Derivation.Result result = derive(2, 2, Map.of("torque", series(-0.5, 9, 1.5, 1)));
    assertArrayEquals(new float[] {9, 1}, values(result));
  }

  @Test
  void aValueOlderThanTheGreatestGapIsMissing() {
    Derivation.Result result = derive(6, 6, Map.of("torque", series(0, 1, 3.5, 2)));
    assertArrayEquals(new float[] {1, 1, NAN, 2, 2, NAN}, values(result));
    assertEquals(2, result.missing());
    assertEquals("2 of 6 values missing: torque 2", result.reason());
  }

  @Test
  void badAndImplausibleValuesAreMissingAndHideOlderOnes() {
    Derivation.Result result =
        derive(5, 5, Map.of("torque", series(0, 1, 1, Double.NaN, 2, 1000, 3, 1000.01, 4, -1000)));
    assertArrayEquals(new float[] {1, NAN, 1000, NAN, -1000}, values(result));
  }

  @Test
  void stepsThatBeginBeyondThePartsEndAreMissing() {
    Derivation.Result result = derive(4, 2.5, Map.of("torque", series(0, 1, 1, 2, 2, 3)));
    assertArrayEquals(new float[] {1, 2, 3, NAN}, values(result));
  }

  @Test
  void aSignalWithoutAnyUsableValueGivesNoWindowAndSaysWhich() {
    Map<String, Series> silent = Map.of("a", series(0, 1, 1, 1), "b", series());
    assertEquals("signal b gave no usable value: no sample came", derive(2, 2, silent).reason());
    Map<String, Series> bad = Map.of("a", series(0, 1, 1, 1), "b", series(0, Double.NaN));
    Derivation.Result result = derive(2, 2, bad);
    assertTrue(result.window().isEmpty());
    assertEquals(
        "signal b gave no usable value: its samples are bad or of a wrong type", result.reason());
    assertEquals(
        "signal a gave no usable value: its samples are out of range, too old or after the window",
        derive(2, 2, Map.of("a", series(0, 5000))).reason());
  }

  @Test
  void halfOfAllValuesMayBeMissingButNotMore() {
    assertTrue(derive(4, 4, Map.of("a", series(0, 1))).window().isPresent());
    Derivation.Result result = derive(5, 5, Map.of("a", series(0, 1)));
    assertTrue(result.window().isEmpty());
    assertEquals(3, result.missing());
    assertEquals("3 of 5 values missing: a 3", result.reason());
  }

  @Test
  void rowsFollowTheSchemasOrder() {
    Derivation.Result result = derive(1, 1, Map.of("b", series(0, 2), "a", series(0, 1)));
    assertArrayEquals(new float[] {1, 2}, values(result));
    assertArrayEquals(new int[] {2, 1}, result.window().orElseThrow().shape());
  }
}
