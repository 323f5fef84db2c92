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
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.fedwerk.api.coordinator.Coordination.RoundRecord;
import org.fedwerk.api.data.DataRole;
import org.fedwerk.api.data.Example;
import org.fedwerk.api.data.Part;
import org.fedwerk.api.data.PartData;
import org.fedwerk.api.data.Schema;
import org.fedwerk.api.data.Series;
import org.fedwerk.api.data.Tensor;
import org.fedwerk.api.learn.Counts;
import org.fedwerk.api.learn.Evaluation;
import org.fedwerk.api.predict.Prediction;
import org.fedwerk.learn.djl.internal.DjlEngine;
import org.fedwerk.learn.djl.internal.EngineSettings;
import org.fedwerk.sim.fault.MemoryStorage;
import org.fedwerk.sim.internal.GivenExamples;
import org.fedwerk.sim.internal.SimFederation;
import org.fedwerk.task.internal.YamlTaskReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A defect in ten, which overlaps with good parts: where a missed one is dear, sites predict it
 * early, and what is counted is what they predict.
 */
@Timeout(300)
class CostsTest {
  private static final int PARTS = 400;
  private static final int TESTED = 80;
  private static final double MISSED = 120;
  private static final double FALSE_ALARM = 8;
  private static final String TASK =
      """
      task: leaks
      owner: tests
      purpose: find leaks before they are dear
      schema:
        name: pumps
        version: 1
        signals:
          - {name: flow, unit: "", min: -100, max: 100}
        window: {steps: 2, step: 1s}
        label: {name: leak, classes: [tight, leaking]}
      model: {architecture: linear}
      training: {rate: 0.1, momentum: 0.9, batch: 20, epochs: 4}
      rounds: {metric: loss, max: 6, least: 6, quorum: 2, stall: 10m}
      egress: {least-count: 2}
      """;
  private static final String COSTS = "costs: {missed: 120, false-alarm: 8, currency: CHF}\n";

  private static List<Example> examples(Schema schema, Random random) {
    List<Example> examples = new ArrayList<>();
    for (int n = 0; n < PARTS; n++) {
      boolean leaks = n / 5 % 10 == 0;
      DataRole role = n % 5 < 3 ? DataRole.TRAIN : n % 5 == 3 ? DataRole.VALIDATION : DataRole.TEST;
      double level = (leaks ? 1.5 : 0) + random.nextGaussian();
      float[] flow = {(float) level, (float) (level + 0.3 * random.nextGaussian())};
      Tensor window = new Tensor(schema.inputShape(), flow);
      examples.add(new Example("p" + n, Map.of(Example.WINDOW, window), leaks ? 1 : 0, 1, role));
    }
    return examples;
  }

  /** What a federation came to. */
  private record Came(RoundRecord last, Map<String, long[][]> predicted) {
    double test(String metric) {
      return last.metrics().getOrDefault("test." + metric, Double.NaN);
    }
  }

  private static Came run(String yaml) throws Exception {
    Schema schema = new YamlTaskReader().read(yaml).task().schema();
    DjlEngine engine = new DjlEngine(EngineSettings.defaults());
    try (SimFederation federation = new SimFederation(engine)) {
      Map<String, List<Example>> sites = new LinkedHashMap<>();
      for (String site : List.of("a", "b")) {
        sites.put(site, examples(schema, new Random(site.hashCode())));
        federation.add(site, new MemoryStorage(), new GivenExamples(sites.get(site)), "tests");
      }
      List<RoundRecord> rounds = federation.run(yaml, Duration.ofMinutes(2));
      Map<String, long[][]> predicted = new LinkedHashMap<>();
      for (String site : sites.keySet()) {
        predicted.put(site, predicted(federation, site, sites.get(site)));
      }
      return new Came(rounds.get(rounds.size() - 1), predicted);
    } finally {
      engine.stop();
    }
  }

  /** [actual x predicted] of a site's test parts, predicted as they come from the machine. */
  private static long[][] predicted(SimFederation federation, String site, List<Example> examples)
      throws InterruptedException {
    long[][] counts = new long[2][2];
    for (Example example : examples) {
      if (example.role() == DataRole.TEST) {
        String serial = "again-" + example.serial();
        federation.closed(site, part(serial, example.window().values()));
        boolean leaking = predicted(federation, site, serial).predicted().equals("leaking");
        counts[example.classIndex()][leaking ? 1 : 0]++;
      }
    }
    return counts;
  }

  private static PartData part(String serial, float[] flow) {
    Instant begin = Instant.parse("2026-01-05T06:00:00Z");
    long[] times = new long[flow.length];
    double[] values = new double[flow.length];
    for (int k = 0; k < flow.length; k++) {
      times[k] = TimeUnit.SECONDS.toNanos(begin.getEpochSecond() + k);
      values[k] = flow[k];
    }
    Part part = new Part(serial, 0, begin, begin.plusSeconds(flow.length));
    return new PartData(part, Map.of("flow", new Series(times, values)), false);
  }

  private static Prediction predicted(SimFederation federation, String site, String serial)
      throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (true) {
      Optional<Prediction> newest = federation.newest(site, "leaks");
      if (newest.isPresent() && newest.get().serial().equals(serial)) {
        return newest.get();
      }
      if (System.nanoTime() > end) {
        throw new AssertionError("no prediction of " + serial + " came, the newest is " + newest);
      }
      TimeUnit.MILLISECONDS.sleep(1);
    }
  }

  @Test
  void whatIsCountedIsWhatSitesPredictAndTheSavingIsInTheTasksCurrency() throws Exception {
    Came plain = run(TASK);
    Came dear = run(TASK + COSTS);
    for (Came came : List.of(plain, dear)) {
      came.last()
          .evaluations()
          .forEach(
              (site, told) -> {
                assertEquals(TESTED, told.count());
                assertEquals(Counts.of(came.predicted().get(site)), Counts.of(told.confusion()));
              });
    }
    assertTrue(
        dear.test("recall") > plain.test("recall") + 0.15,
        plain.test("recall") + " without, " + dear.test("recall") + " with costs");
    assertEquals(FALSE_ALARM / (MISSED + FALSE_ALARM), dear.test("threshold"), 1e-12);
    Evaluation all =
        dear.last().evaluations().values().stream().reduce(Evaluation::plus).orElseThrow();
    Counts leaking = Counts.of(all.confusion()).get(1);
    double saved = MISSED * leaking.hits() - FALSE_ALARM * leaking.falseAlarms();
    assertEquals(1000 * saved / all.count(), dear.test("saving-per-1000.CHF"), 1e-9);
    assertTrue(dear.test("best-saving-per-1000.CHF") >= dear.test("saving-per-1000.CHF"));
    assertTrue(
        plain.last().metrics().keySet().stream().noneMatch(name -> name.contains("saving")),
        plain.last().metrics().toString());
  }
}
