// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.method;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.fedwerk.api.coordinator.Coordination.RoundRecord;
import org.fedwerk.api.data.DataRole;
import org.fedwerk.api.data.Example;
import org.fedwerk.api.data.Part;
import org.fedwerk.api.data.PartData;
import org.fedwerk.api.data.Schema;
import org.fedwerk.api.data.Series;
import org.fedwerk.api.predict.Prediction;
import org.fedwerk.learn.djl.internal.DjlEngine;
import org.fedwerk.learn.djl.internal.EngineSettings;
import org.fedwerk.sim.fault.MemoryStorage;
import org.fedwerk.sim.internal.GivenExamples;
import org.fedwerk.sim.internal.SimFederation;
import org.fedwerk.task.internal.YamlTaskReader;
import org.fedwerk.window.internal.SchemaDerivation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What a linear model cannot learn from a window it learns from what the schema derives, from
 * samples to predictions.
 */
@Timeout(600)
class FeaturesTest {
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
  private static final int PARTS = 120;

  private static final String TASK =
      """
      task: bearings
      owner: tests
      purpose: hear worn bearings
      schema:
        name: presses
        version: 1
        signals:
          - {name: load, unit: kN, min: -1000, max: 1000}
          - {name: sound, unit: V, min: -1000, max: 1000}
        window: {steps: 20, step: 1s}
        DERIVED
        label: {name: wear, classes: [low, high]}
      model: {architecture: linear}
      training: {rate: 0.1, momentum: 0.9, batch: 16, epochs: 2}
      rounds: {metric: accuracy, max: 8, least: 8, quorum: 2, stall: 10m}
      egress: {least-count: 2}
      """;

  /** A part's samples: one a second. */
  private interface Sampled {
    PartData part(long ordinal, boolean worn, Random random);
  }

  private static PartData part(long ordinal, double[] load, double[] sound) {
    Map<String, Series> series = new LinkedHashMap<>();
    Instant begin = NOON.plusSeconds(100 * ordinal);
    series.put("load", series(begin, load));
    series.put("sound", series(begin, sound));
    Part part = new Part("p" + ordinal, ordinal, begin, begin.plusSeconds(load.length));
    return new PartData(part, series, false);
  }

  private static Series series(Instant begin, double[] values) {
    long[] times = new long[values.length];
    for (int k = 0; k < times.length; k++) {
      times[k] = TimeUnit.SECONDS.toNanos(begin.getEpochSecond() + k);
    }
    return new Series(times, values);
  }

  /** Both kinds sound equally loud at any time; a worn one sounds higher. */
  private static PartData humming(long ordinal, boolean worn, Random random) {
    double phase = 7 * random.nextDouble();
    double[] load = random.doubles(20, 10, 11).toArray();
    double[] sound = new double[20];
    for (int k = 0; k < sound.length; k++) {
      sound[k] = Math.sin(2 * Math.PI * (worn ? 6 : 2) * k / 20 + phase);
      sound[k] += 0.2 * random.nextGaussian();
    }
    return part(ordinal, load, sound);
  }

  /** The heavier the load the louder, and the more a worn one is heard. */
  private static PartData loaded(long ordinal, boolean worn, Random random) {
    boolean heavy = random.nextBoolean();
    double[] load = random.doubles(20, heavy ? 495 : -5, heavy ? 505 : 5).toArray();
    double loud = heavy ? 300 : 10;
    double[] sound = new double[20];
    for (int k = 0; k < sound.length; k++) {
      sound[k] = loud + (worn ? 1 : -1) * loud / 10 + loud / 50 * random.nextGaussian();
    }
    return part(ordinal, load, sound);
  }

  private static List<Example> examples(Schema schema, Sampled sampled, Random random) {
    List<Example> examples = new ArrayList<>();
    for (int n = 0; n < PARTS; n++) {
      boolean worn = random.nextBoolean();
      DataRole role = n % 5 < 3 ? DataRole.TRAIN : n % 5 == 3 ? DataRole.VALIDATION : DataRole.TEST;
      var window = new SchemaDerivation().derive(schema, sampled.part(n, worn, random)).window();
      examples.add(
          new Example(
              "p" + n, Map.of(Example.WINDOW, window.orElseThrow()), worn ? 1 : 0, 1, role));
    }
    return examples;
  }

  /** Accuracy on the test parts, and of what a site then predicts of parts as they come. */
  private static double[] accuracy(String derived, Sampled sampled) throws Exception {
    String yaml = TASK.replace("  DERIVED\n", derived.isEmpty() ? "" : "  " + derived + "\n");
    Schema schema = new YamlTaskReader().read(yaml).task().schema();
    DjlEngine engine = new DjlEngine(EngineSettings.defaults());
    try (SimFederation federation = new SimFederation(engine)) {
      for (String site : List.of("a", "b")) {
        List<Example> examples = examples(schema, sampled, new Random(site.hashCode()));
        federation.add(site, new MemoryStorage(), new GivenExamples(examples), "tests");
      }
      List<RoundRecord> rounds = federation.run(yaml, Duration.ofMinutes(5));
      double tested =
          rounds.get(rounds.size() - 1).metrics().getOrDefault("test.accuracy", Double.NaN);
      return new double[] {tested, served(federation, sampled)};
    } finally {
      engine.stop();
    }
  }

  private static double served(SimFederation federation, Sampled sampled) throws Exception {
    Random random = new Random(5);
    int right = 0;
    for (int n = 0; n < 40; n++) {
      boolean worn = n % 2 == 1;
      PartData part = sampled.part(1000 + n, worn, random);
      federation.closed("a", part);
      Prediction prediction = newest(federation, part.part().serial());
      right += prediction.predicted().equals(worn ? "high" : "low") ? 1 : 0;
    }
    return right / 40.0;
  }

  private static Prediction newest(SimFederation federation, String serial) throws Exception {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    while (System.nanoTime() < end) {
      var newest = federation.newest("a", "bearings");
      if (newest.isPresent() && newest.get().serial().equals(serial)) {
        return newest.get();
      }
      TimeUnit.MILLISECONDS.sleep(5);
    }
    throw new AssertionError("part " + serial + " was not predicted");
  }

  @Test
  void bandsTellSoundsApartWhateverTheirPhase() throws Exception {
    double[] steps = accuracy("", FeaturesTest::humming);
    assertTrue(steps[0] < 0.75, "from steps " + steps[0]);
    double[] bands = accuracy("derive: {bands: 5, statistics: [rms]}", FeaturesTest::humming);
    assertEquals(1, bands[0], 0.03);
    assertEquals(1, bands[1], 0.06);
  }

  @Test
  void regimesTakeOutWhatTheLoadDoes() throws Exception {
    double[] plain = accuracy("", FeaturesTest::loaded);
    double[] regimes =
        accuracy("regimes: {signals: [load], centroids: [[0], [500]]}", FeaturesTest::loaded);
    assertTrue(plain[0] < regimes[0], plain[0] + " without, " + regimes[0] + " with regimes");
    assertEquals(1, regimes[0], 0.03);
    assertEquals(1, regimes[1], 0.06);
  }
}
