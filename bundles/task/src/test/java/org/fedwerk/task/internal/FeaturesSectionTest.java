// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.task.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.fedwerk.api.Refusal;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.data.Regimes;
import org.fedwerk.api.data.Schema;
import org.fedwerk.api.data.WindowFeatures;
import org.fedwerk.api.data.WindowStatistic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of a window, and regimes; the least document has 2 signals and 10 steps. */
class FeaturesSectionTest {
  private static final String REGIMES =
      "regimes: {signals: [pressure], scale: [10], centroids: [[0], [200]]}";

  private static String yaml(String line) {
    return RefusalsTest.LEAST.replace("  label:\n", "  " + line + "\n  label:\n");
  }

  private static Schema schema(String line) throws RefusedException {
    return new YamlTaskReader().read(yaml(line)).task().schema();
  }

  @Test
  void withoutThemTheWindowIsTheInput() throws RefusedException {
    Schema schema = new YamlTaskReader().read(RefusalsTest.LEAST).task().schema();
    assertEquals(WindowFeatures.NONE, schema.features());
    assertNull(schema.regimes());
    assertArrayEquals(new int[] {2, 10}, schema.inputShape());
  }

  @Test
  void bandsAndStatisticsTakeThePlaceOfTheSteps() throws RefusedException {
    Schema schema = schema("derive: {difference: 1, bands: 4, statistics: [rms, kurtosis]}");
    assertEquals(
        new WindowFeatures(1, 4, List.of(WindowStatistic.RMS, WindowStatistic.KURTOSIS)),
        schema.features());
    assertArrayEquals(new int[] {2, 6}, schema.inputShape());
    assertEquals(20, schema.sampledSize());
    assertArrayEquals(new int[] {2, 8}, schema("derive: {difference: 2}").inputShape());
  }

  @Test
  void regimesNameSignalsAndCentroids() throws RefusedException {
    Regimes regimes = schema(REGIMES).regimes();
    assertNotNull(regimes);
    assertEquals(
        new Regimes(List.of(1), List.of(10.0), List.of(List.of(0.0), List.of(200.0))), regimes);
    Regimes plain = schema("regimes: {signals: [flow], centroids: [[1]]}").regimes();
    assertNotNull(plain);
    assertEquals(List.of(1.0), plain.scale());
    float[] window = {1, 2, Float.NaN, 90, 120, Float.NaN};
    assertEquals(0, regimes.of(window, 3, 0));
    assertEquals(1, regimes.of(window, 3, 1));
    assertEquals(0, regimes.of(window, 3, 2), "nothing is known");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          derive: {}                            | schema.derive                | derives nothing
          derive: {band: 3}                     | schema.derive.band           | did you mean "bands"?
          derive: {bands: 6}                    | schema.derive.bands          | more than the 5 frequencies of 10 steps
          derive: {difference: 10}              | schema.derive.difference     | no value 10 steps earlier
          derive: {difference: 1, bands: 5}     | schema.derive.bands          | the 4 frequencies of 9 steps
          derive: {statistics: [median]}        | schema.derive.statistics[0]  | use one of mean, deviation
          derive: {statistics: [max, max]}      | schema.derive.statistics[1]  | stands twice
          derive: {statistics: []}              | schema.derive.statistics     | has 0 statistics
          regimes: {signals: [flow]}            | schema.regimes.centroids     | is missing
          regimes: {signals: [speed], centroids: [[1]]} | schema.regimes.signals[0] | is none of the schema's signals
          regimes: {signals: [flow, flow], centroids: [[1, 1]]} | schema.regimes.signals[1] | stands twice
          regimes: {signals: [flow], centroids: [[1, 2]]} | schema.regimes.centroids[0] | has 2 numbers
          regimes: {signals: [flow], scale: [0], centroids: [[1]]} | schema.regimes.scale[0] | a number above 0
          """)
  void whatCannotBeIsRefusedByItsLine(String line, String key, String what) {
    assertRefused(yaml(line), key, what);
  }

  @Test
  void whatDoesNotGoTogetherIsRefusedByName() {
    assertRefused(
        yaml("derive: {bands: 2}\n  " + REGIMES), "schema.regimes", "derive is given; keep one");
    String image = "image: {signal: camera, width: 8, height: 8, channels: grey}\n  ";
    assertRefused(yaml(image + "derive: {bands: 2}"), "schema.derive", "image is given");
    assertRefused(yaml(image + REGIMES), "schema.regimes", "image is given");
  }

  private static void assertRefused(String yaml, String key, String what) {
    RefusedException refused =
        assertThrows(RefusedException.class, () -> new YamlTaskReader().read(yaml));
    Refusal refusal =
        refused.refusals().stream()
            .filter(each -> each.where().equals(key))
            .findFirst()
            .orElseThrow(() -> new AssertionError(refused.refusals().toString()));
    assertTrue(refusal.what().contains(what), refusal.toString());
    assertTrue(refusal.line() > 4, refusal.toString());
  }
}
