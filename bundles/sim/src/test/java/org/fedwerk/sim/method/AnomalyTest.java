// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.method;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.fedwerk.api.coordinator.Coordination.RoundRecord;
import org.fedwerk.api.data.DataRole;
import org.fedwerk.api.data.Example;
import org.fedwerk.api.data.Part;
import org.fedwerk.api.data.PartData;
import org.fedwerk.api.data.Series;
import org.fedwerk.api.data.Tensor;
import org.fedwerk.api.learn.Evaluation;
import org.fedwerk.api.predict.Prediction;
import org.fedwerk.learn.djl.internal.DjlEngine;
import org.fedwerk.learn.djl.internal.EngineSettings;
import org.fedwerk.sim.internal.GivenExamples;
import org.fedwerk.sim.internal.SimFederation;
import org.fedwerk.store.internal.DiskStorage;
import org.fedwerk.store.internal.StoreSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two sites whose machines run at different levels. Of a normal part the pressure follows the
 * force; of an abnormal one each has its usual range, but they do not hang together.
 */
@Timeout(180)
class AnomalyTest {
  private static final int STEPS = 8;
  private static final String TASK =
      """
      task: press-normal
      owner: tests
      purpose: find out what a normal part looks like
      seed: 3
      schema:
        name: press
        version: 1
        signals:
          - {name: force, unit: kN, min: -1000, max: 1000}
          - {name: pressure, unit: bar, min: -1000, max: 1000}
        window: {steps: 8, step: 1s}
        label: {kind: anomaly, name: check, classes: [ok, scrap]}
      model: {architecture: %s, kernel: 3}
      training: {optimizer: adam, rate: 0.005, batch: 16, epochs: 5}
      threshold: {quantile: 0.9}
      rounds: {max: 8, least: 8, quorum: 2, stall: 10m, examples-least: 100}
      """;
  private static final String DENSE =
      TASK.formatted("autoencoder, hidden: [12, 3]").replace(", kernel: 3", "");
  private static final String CONVOLUTIONAL = TASK.formatted("conv-autoencoder, hidden: [12, 5]");

  @TempDir Path folder;

  private static float[] window(Random random, double level, boolean normal) {
    float[] values = new float[2 * STEPS];
    double force = random.nextGaussian();
    double other = random.nextGaussian();
    for (int k = 0; k < STEPS; k++) {
      double course = Math.sin(Math.PI * k / STEPS);
      values[k] = (float) (level + 10 * force * course + 0.5 * random.nextGaussian());
      double follows = normal ? force : other - 2 * Math.signum(force);
      values[STEPS + k] = (float) (3 * level + 20 * follows * course + random.nextGaussian());
    }
    return values;
  }

  private static List<Example> examples(String site, double level) {
    Random random = new Random(site.hashCode());
    List<Example> all = new ArrayList<>();
    for (DataRole role : DataRole.values()) {
      for (int n = 0; n < 250; n++) {
        Tensor window = new Tensor(new int[] {2, STEPS}, window(random, level, true));
        all.add(Example.unlabelled(site + role + n, window, role));
      }
      for (int n = 0; n < 25; n++) {
        Tensor window = new Tensor(new int[] {2, STEPS}, window(random, level, false));
        all.add(
            new Example(
                site + role + "-bad-" + n,
                Map.of(Example.WINDOW, window),
                Example.DEFECT,
                1,
                role));
      }
    }
    return all;
  }

  private static PartData part(String serial, float[] window) {
    Instant begin = Instant.parse("2026-01-05T06:00:00Z");
    long[] times = new long[STEPS];
    double[] force = new double[STEPS];
    double[] pressure = new double[STEPS];
    for (int k = 0; k < STEPS; k++) {
      times[k] = TimeUnit.SECONDS.toNanos(begin.getEpochSecond() + k);
      force[k] = window[k];
      pressure[k] = window[STEPS + k];
    }
    return new PartData(
        new Part(serial, 0, begin, begin.plusSeconds(STEPS)),
        Map.of("force", new Series(times, force), "pressure", new Series(times, pressure)),
        false);
  }

  private DiskStorage storage(Path own) throws Exception {
    DiskStorage storage = new DiskStorage(StoreSettings.in(Files.createDirectories(own)));
    storage.start();
    return storage;
  }

  private List<RoundRecord> run(String name, String yaml, DjlEngine engine) throws Exception {
    try (SimFederation federation = new SimFederation(folder.resolve(name + "/hq"), engine);
        DiskStorage a = storage(folder.resolve(name + "/a"));
        DiskStorage b = storage(folder.resolve(name + "/b"))) {
      federation.add("a", a, new GivenExamples(examples("a", 0)), "tests");
      federation.add("b", b, new GivenExamples(examples("b", 50)), "tests");
      List<RoundRecord> rounds = federation.run(yaml, Duration.ofMinutes(2));
      assertTrue(
          federation.sites().values().stream().allMatch(each -> each.get(0).train() == 250),
          "defects are no training examples");
      Prediction a1 = predicted(federation, "a", window(new Random(5), 0, false));
      assertEquals("anomaly", a1.predicted(), "score " + a1.score() + " of " + a1.threshold());
      assertTrue(a1.alarm());
      Prediction b1 = predicted(federation, "b", window(new Random(5), 50, false));
      assertTrue(b1.alarm(), "score " + b1.score() + " of " + b1.threshold());
      assertNotEquals(a1.threshold(), b1.threshold(), "each site has its own");
      assertTrue(predicted(federation, "b", window(new Random(6), 0, true)).alarm(), "b's level");
      int alarms = 0;
      Random random = new Random(7);
      for (int n = 0; n < 100; n++) {
        alarms += predicted(federation, "a", window(random, 0, true)).alarm() ? 1 : 0;
      }
      assertTrue(alarms <= 25, alarms + " of 100 normal parts");
      return rounds;
    }
  }

  private int parts;

  private Prediction predicted(SimFederation federation, String site, float[] window)
      throws InterruptedException {
    String serial = "P" + parts++;
    federation.closed(site, part(serial, window));
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (true) {
      Optional<Prediction> newest = federation.newest(site, "press-normal");
      if (newest.isPresent() && newest.get().serial().equals(serial)) {
        return newest.get();
      }
      if (System.nanoTime() > end) {
        throw new AssertionError("no prediction of " + serial + " came, the newest is " + newest);
      }
      TimeUnit.MILLISECONDS.sleep(1);
    }
  }

  private static void judge(List<RoundRecord> rounds) {
    RoundRecord last = rounds.get(rounds.size() - 1);
    Evaluation all = last.evaluations().values().stream().reduce(Evaluation::plus).orElseThrow();
    assertEquals(500, all.count());
    // 0.9 of 250 validation parts: the share of 500 others has a deviation of about 0.023.
    assertEquals(0.1, all.alarmRate(), 0.07);
    assertEquals(all.alarmRate(), last.metrics().get("test.summed.alarm-rate"), 1e-12);
    assertTrue(all.recall() > 0.8, "recall " + all.recall());
    assertTrue(all.auc() > 0.95, "auc " + all.auc());
    double first = rounds.get(0).metrics().get("validation.loss");
    double best = last.metrics().get("test.loss");
    assertTrue(best < 0.7 * first, first + " and " + best);
  }

  @Test
  void anAbnormalPartIsAnAlarmAndAsManyNormalOnesAsTheQuantileLeaves() throws Exception {
    DjlEngine engine = new DjlEngine(EngineSettings.defaults());
    try {
      List<RoundRecord> rounds = run("dense", DENSE, engine);
      judge(rounds);
      assertEquals(
          rounds.stream().map(RoundRecord::model).toList(),
          run("again", DENSE, engine).stream().map(RoundRecord::model).toList());
      judge(run("convolutional", CONVOLUTIONAL, engine));
    } finally {
      engine.stop();
    }
  }
}
