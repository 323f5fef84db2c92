// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ValuePoolsTest {
  private static final float[] NO_INPUT = {};
  private static final LabelSpec LABEL =
      new LabelSpec("result", List.of("good", "bad"), Duration.ofHours(1));

  private static Schema schema(WindowFeatures features, Regimes regimes) {
    return new Schema(
        "press",
        1,
        List.of(signal("force"), signal("way")),
        new WindowSpec(3, Duration.ofSeconds(1), Duration.ofSeconds(1)),
        LABEL,
        features,
        regimes);
  }

  private static SignalSpec signal(String name) {
    return new SignalSpec(name, "", -1, 1, Duration.ofSeconds(1));
  }

  private static List<String> names(ValuePools pools) {
    return IntStream.range(0, pools.count()).mapToObj(pools::name).toList();
  }

  private static List<Integer> pools(ValuePools pools, float[] raw) {
    return IntStream.range(0, pools.schema().inputSize())
        .mapToObj(element -> pools.of(raw, element))
        .toList();
  }

  @Test
  void aSignalIsOnePoolAtAllSteps() {
    ValuePools pools = new ValuePools(schema(WindowFeatures.NONE, null));
    assertEquals(List.of("force", "way"), names(pools));
    assertEquals(List.of(0, 0, 0, 1, 1, 1), pools(pools, NO_INPUT));
  }

  @Test
  void differencesAreStepsToo() {
    ValuePools pools = new ValuePools(schema(new WindowFeatures(1, 0, List.of()), null));
    assertEquals(List.of("force", "way"), names(pools));
    assertEquals(List.of(0, 0, 1, 1), pools(pools, NO_INPUT));
  }

  @Test
  void whatStandsInThePlaceOfStepsIsAPoolByItself() {
    WindowFeatures features = new WindowFeatures(0, 1, List.of(WindowStatistic.RMS));
    ValuePools pools = new ValuePools(schema(features, null));
    assertEquals(List.of("force, band 1", "force, rms", "way, band 1", "way, rms"), names(pools));
    assertEquals(List.of(0, 1, 2, 3), pools(pools, NO_INPUT));
  }

  @Test
  void underRegimesASignalIsAPoolInEach() {
    Regimes two = new Regimes(List.of(0), List.of(1.0), List.of(List.of(0.0), List.of(10.0)));
    ValuePools pools = new ValuePools(schema(WindowFeatures.NONE, two));
    assertEquals(
        List.of("force in regime 1", "way in regime 1", "force in regime 2", "way in regime 2"),
        names(pools));
    assertEquals(List.of(0, 2, 0, 1, 3, 1), pools(pools, new float[] {0, 9, 1, 5, 5, 5}));
  }

  @Test
  void ofAnImageAChannelIsAPool() {
    ImageSpec coloured = new ImageSpec("camera", 2, 1, ImageSpec.RGB, false, false);
    ValuePools pools = new ValuePools(Schema.ofImages("plates", 1, coloured, LABEL));
    assertEquals(List.of("camera, red", "camera, green", "camera, blue"), names(pools));
    assertEquals(List.of(0, 0, 1, 1, 2, 2), pools(pools, NO_INPUT));
    ImageSpec grey = new ImageSpec("camera", 2, 1, ImageSpec.GREY, false, true);
    assertEquals(
        List.of("camera"), names(new ValuePools(Schema.ofImages("plates", 1, grey, LABEL))));
  }
}
