// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.method;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
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
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.coordinator.Coordination;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two sites whose machines run at different levels. Of a normal part the pressure follows the
 * force; of an abnormal one each has its usual range, but they do not hang together.
 */
@Timeout(300)
class AnomalyTest {
  private static final int STEPS = 8;
  private static final String BEFORE =
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
      training: {optimizer: adam, rate: 0.01, batch: 25, epochs: 5}
      threshold: {quantile: 0.9}
      rounds: {max: 6, least: 6, quorum: 2, stall: 10m, examples-least: 100}
      """;
  private static final String DENSE =
      BEFORE + "model: {architecture: autoencoder, hidden: [12, 3]}\n";
  private static final String CONVOLUTIONAL =
      BEFORE + "model: {architecture: conv-autoencoder, hidden: [12, 5], kernel: 3}\n";

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

  /** What is asked of a federation once its task has ended. */
  private interface Asked {
    void of(SimFederation federation) throws Exception;
  }

  private List<RoundRecord> run(String name, String yaml, DjlEngine engine, Asked asked)
      throws Exception {
    try (SimFederation federation = new SimFederation(engine);
        DiskStorage a = storage(folder.resolve(name + "/a"));
        DiskStorage b = storage(folder.resolve(name + "/b"))) {
      federation.add("a", a, new GivenExamples(examples("a", 0)), "tests");
      federation.add("b", b, new GivenExamples(examples("b", 50)), "tests");
      List<RoundRecord> rounds = federation.run(yaml, Duration.ofMinutes(4));
      assertTrue(
          federation.sites().values().stream().allMatch(each -> each.get(0).train() == 250),
          "defects are no training examples");
      asked.of(federation);
      return rounds;
    }
  }

  private static void predictions(SimFederation federation) throws Exception {
    Prediction a = predicted(federation, "a", "a1", window(new Random(5), 0, false));
    assertEquals("anomaly", a.predicted(), "score " + a.score() + " of " + a.threshold());
    assertTrue(a.alarm());
    Prediction b = predicted(federation, "b", "b1", window(new Random(5), 50, false));
    assertTrue(b.alarm(), "score " + b.score() + " of " + b.threshold());
    assertNotEquals(a.threshold(), b.threshold(), "each site has its own");
    assertTrue(
        predicted(federation, "b", "b2", window(new Random(6), 0, true)).alarm(), "b's level");
    int alarms = 0;
    Random random = new Random(7);
    for (int n = 0; n < 100; n++) {
      Prediction normal = predicted(federation, "a", "n" + n, window(random, 0, true));
      alarms += normal.alarm() ? 1 : 0;
    }
    assertTrue(alarms <= 25, alarms + " of 100 normal parts");
  }

  private static Prediction predicted(
      SimFederation federation, String site, String serial, float[] window)
      throws InterruptedException {
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
  void theExampleIsTakenByADryRunAndABottleneckThatIsTooWideIsNot() throws Exception {
    DjlEngine engine = new DjlEngine(EngineSettings.defaults());
    try (SimFederation federation = new SimFederation(engine)) {
      String yaml =
          Files.readString(Path.of(System.getProperty("fedwerk.examples"), "milling-anomaly.yaml"));
      Coordination.DryRun run = federation.dryRun(yaml);
      assertEquals(1568 + 330 + 352 + 1584, run.parameters());
      assertTrue(
          run.notes().stream().anyMatch(note -> note.contains("threshold of its own")),
          run.notes().toString());
      String wide = yaml.replace("hidden: [32, 10] ", "hidden: [32, 48] ");
      RefusedException refused =
          assertThrows(RefusedException.class, () -> federation.dryRun(wide));
      assertEquals("model.hidden", refused.refusals().get(0).where());
    } finally {
      engine.stop();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {DENSE, CONVOLUTIONAL})
  void anAbnormalPartIsAnAlarmAndAsManyNormalOnesAsTheQuantileLeaves(String yaml) throws Exception {
    DjlEngine engine = new DjlEngine(EngineSettings.defaults());
    try {
      judge(run("once", yaml, engine, AnomalyTest::predictions));
    } finally {
      engine.stop();
    }
  }

  @Test
  void aRepeatedRunGivesTheSameModels() throws Exception {
    DjlEngine engine = new DjlEngine(EngineSettings.defaults());
    String brief = CONVOLUTIONAL.replace("max: 6, least: 6", "max: 2, least: 2");
    try {
      List<RoundRecord> first = run("first", brief, engine, federation -> {});
      assertEquals(3, first.size());
      assertEquals(
          first.stream().map(RoundRecord::model).toList(),
          run("second", brief, engine, federation -> {}).stream().map(RoundRecord::model).toList());
    } finally {
      engine.stop();
    }
  }
}
