// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.learn.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.fedwerk.api.data.Example;
import org.fedwerk.api.data.Regimes;
import org.fedwerk.api.data.Schema;
import org.fedwerk.api.data.WindowFeatures;
import org.fedwerk.api.data.WindowStatistic;
import org.fedwerk.api.learn.Moments;
import org.fedwerk.api.learn.Normalisation;
import org.junit.jupiter.api.Test;

/** What sites tell of their inputs, and what all of them make of it. */
class FederatedStatisticsTest {
  private static final float NONE = Float.NaN;

  private final WindowPreparation preparation = new WindowPreparation();

  private static Schema with(WindowFeatures features, Regimes regimes) {
    Schema plain = Schemas.schema(2, 2, 2);
    return new Schema(
        plain.name(),
        plain.version(),
        plain.signals(),
        plain.window(),
        plain.label(),
        features,
        regimes);
  }

  @Test
  void aSignalIsToldOverAllStepsWithoutWhatIsMissing() {
    Schema schema = Schemas.schema(2, 2, 2);
    List<Example> examples =
        Schemas.examples(schema, new float[] {1, 3, 7, 7}, new float[] {5, NONE, 7, NONE});
    assertEquals(
        List.of(new Moments(3, 3, 8.0 / 3), new Moments(3, 7, 0)),
        preparation.moments(schema, examples, 1));
  }

  @Test
  void aPoolWithValuesInTooFewExamplesIsToldAsIfItHadNone() {
    Schema schema = Schemas.schema(2, 2, 2);
    List<Example> examples =
        Schemas.examples(schema, new float[] {1, 3, 2, 4}, new float[] {5, 3, NONE, NONE});
    List<Moments> told = preparation.moments(schema, examples, 2);
    assertEquals(List.of(new Moments(4, 3, 2), Moments.NONE), told);
    Normalisation together = preparation.normalisation(schema, told);
    assertArrayEquals(new float[] {3, 3, 0, 0}, together.mean());
    assertArrayEquals(
        new float[] {(float) Math.sqrt(2), (float) Math.sqrt(2), 1, 1}, together.scale());
  }

  @Test
  void aConstantHasScaleOneAlsoWhereItsMeanRounds() {
    Schema schema = Schemas.schema(2, 2, 2);
    List<Example> examples = new ArrayList<>();
    for (int n = 0; n < 999; n++) {
      examples.add(Schemas.example(schema, 0, 0.1f, 0.1f, n, n + 1));
    }
    Normalisation together =
        preparation.normalisation(schema, preparation.moments(schema, examples, 1));
    assertEquals(0.1f, together.mean()[0]);
    assertEquals(1, together.scale()[0]);
  }

  @Test
  void aRegimeIsToldByItselfAndOneThatNoSiteHasSeenIsTakenForTheOthersTogether() {
    Regimes three =
        new Regimes(
            List.of(0), List.of(1.0), List.of(List.of(0.0), List.of(100.0), List.of(900.0)));
    Schema schema = with(WindowFeatures.NONE, three);
    List<Example> low = Schemas.examples(schema, new float[] {0, 1, 10, 14});
    List<Example> both = Schemas.examples(schema, new float[] {0, 99, 12, 50});
    List<Moments> first = preparation.moments(schema, low, 1);
    List<Moments> second = preparation.moments(schema, both, 1);
    List<Moments> merged = new ArrayList<>();
    for (int i = 0; i < first.size(); i++) {
      merged.add(first.get(i).plus(second.get(i)));
    }
    Normalisation together = preparation.normalisation(schema, merged);
    Normalisation pooled = preparation.fit(schema, List.of(low.get(0), both.get(0)));
    assertArrayEquals(pooled.mean(), together.mean(), 1e-5f);
    assertArrayEquals(
        new float[] {pooled.scale()[0], pooled.scale()[1], 1, 1},
        new float[] {
          together.scale()[0], together.scale()[1], together.scale()[2], together.scale()[3]
        },
        1e-5f);
    assertEquals(pooled.scale()[5], together.scale()[5], 1e-5f);
  }

  @Test
  void whatIsMadeOfAWindowIsToldOneByOne() {
    Schema schema =
        with(new WindowFeatures(0, 0, List.of(WindowStatistic.MIN, WindowStatistic.SLOPE)), null);
    List<Example> examples =
        Schemas.examples(schema, new float[] {1, 10, 2, 20}, new float[] {3, 30, 2, 40});
    assertEquals(
        List.of(
            new Moments(2, 2, 1),
            new Moments(2, 20, 100),
            new Moments(2, 2, 0),
            new Moments(2, 30, 100)),
        preparation.moments(schema, examples, 1));
  }

  @Test
  void aChannelIsToldOverAllItsPixels() {
    Schema schema = Schemas.images(3, 1, 2, 2);
    List<Example> examples = Schemas.examples(schema, new float[] {0, 1, 0.5f, 0.5f, 0, 0.5f});
    List<Moments> told = preparation.moments(schema, examples, 1);
    assertEquals(
        List.of(new Moments(2, 0.5, 0.25), new Moments(2, 0.5, 0), new Moments(2, 0.25, 0.0625)),
        told);
    assertArrayEquals(
        preparation.fit(schema, examples).scale(), preparation.normalisation(schema, told).scale());
  }

  @Test
  void mergedStatisticsOfSitesAreThoseOfAllTheirValues() {
    Schema schema = Schemas.schema(1, 20, 2);
    Random random = new Random(4);
    List<Example> all = new ArrayList<>();
    Moments merged = Moments.NONE;
    for (int site = 0; site < 5; site++) {
      List<Example> own = new ArrayList<>();
      for (int n = 0; n < 50 + site; n++) {
        float[] values = new float[20];
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) (1000 * site + random.nextGaussian());
        }
        own.add(Schemas.example(schema, 0, values));
      }
      all.addAll(own);
      merged = merged.plus(preparation.moments(schema, own, 1).get(0));
    }
    Moments pooled = preparation.moments(schema, all, 1).get(0);
    assertEquals(pooled.count(), merged.count());
    assertEquals(pooled.mean(), merged.mean(), 1e-12 * pooled.mean());
    assertEquals(pooled.variance(), merged.variance(), 1e-12 * pooled.variance());
  }

  @Test
  void statisticsOfAnotherNumberOfPoolsAreRefused() {
    Schema schema = Schemas.schema(2, 2, 2);
    assertThrows(
        IllegalArgumentException.class,
        () -> preparation.normalisation(schema, List.of(Moments.NONE)));
  }
}
