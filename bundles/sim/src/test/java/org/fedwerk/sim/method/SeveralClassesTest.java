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
import org.fedwerk.api.data.LabelSpec;
import org.fedwerk.api.data.Part;
import org.fedwerk.api.data.PartData;
import org.fedwerk.api.data.Schema;
import org.fedwerk.api.data.Series;
import org.fedwerk.api.data.Target;
import org.fedwerk.api.data.Tensor;
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

/** A part may be hot, loud and slow at once, or none of it: from examples to predictions. */
@Timeout(300)
class SeveralClassesTest {
  private static final int STEPS = 4;
  private static final List<String> FAULTS = List.of("hot", "loud", "slow");
  private static final String TASK =
      """
      task: faults
      owner: tests
      purpose: name every fault of a part
      schema:
        name: spindles
        version: 1
        signals:
          - {name: heat, unit: "", min: -100, max: 100}
          - {name: noise, unit: "", min: -100, max: 100}
          - {name: speed, unit: "", min: -100, max: 100}
        window: {steps: 4, step: 1s}
        label: {name: faults, kind: classes, classes: [hot, loud, slow]}
      model: {architecture: linear}
      training: {rate: 0.3, momentum: 0.9, batch: 16, epochs: 4}
      rounds: {max: 10, least: 10, quorum: 2, stall: 10m}
      egress: {least-count: 2}
      """;

  /** [signals x steps]: a fault shifts its signal. */
  private static float[] window(boolean[] faults, Random random) {
    float[] values = new float[FAULTS.size() * STEPS];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) ((faults[i / STEPS] ? 3 : 0) + 0.5 * random.nextGaussian());
    }
    return values;
  }

  private static String named(boolean[] faults) {
    List<String> names = new ArrayList<>();
    for (int k = 0; k < faults.length; k++) {
      if (faults[k]) {
        names.add(FAULTS.get(k));
      }
    }
    return names.isEmpty() ? Target.NONE : String.join(Target.AND, names);
  }

  private static List<Example> examples(Schema schema, Random random) {
    LabelSpec label = schema.label();
    List<Example> examples = new ArrayList<>();
    for (int n = 0; n < 300; n++) {
      DataRole role = DataRole.values()[n % 5 < 3 ? 0 : n % 5 - 2];
      boolean[] faults = new boolean[FAULTS.size()];
      for (int k = 0; k < faults.length; k++) {
        faults[k] = random.nextInt(3) == 0;
      }
      Tensor window = new Tensor(schema.inputShape(), window(faults, random));
      double[] target = label.read(named(faults)).orElseThrow();
      examples.add(Example.of(label, "p" + n, window, target, 1, role));
    }
    return examples;
  }

  private static PartData part(String serial, float[] window) {
    Instant begin = Instant.parse("2026-01-05T06:00:00Z");
    Map<String, Series> series = new LinkedHashMap<>();
    List<String> signals = List.of("heat", "noise", "speed");
    for (int signal = 0; signal < signals.size(); signal++) {
      long[] times = new long[STEPS];
      double[] values = new double[STEPS];
      for (int k = 0; k < STEPS; k++) {
        times[k] = TimeUnit.SECONDS.toNanos(begin.getEpochSecond() + k);
        values[k] = window[signal * STEPS + k];
      }
      series.put(signals.get(signal), new Series(times, values));
    }
    Part part = new Part(serial, 0, begin, begin.plusSeconds(STEPS));
    return new PartData(part, series, false);
  }

  private static Prediction predicted(SimFederation federation, String site, String serial)
      throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (true) {
      Optional<Prediction> newest = federation.newest(site, "faults");
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
  void sitesNameEveryFaultOfAPartThatTheyHaveNotSeen() throws Exception {
    Schema schema = new YamlTaskReader().read(TASK).task().schema();
    DjlEngine engine = new DjlEngine(EngineSettings.defaults());
    try (SimFederation federation = new SimFederation(engine)) {
      for (String site : List.of("a", "b")) {
        List<Example> examples = examples(schema, new Random(site.hashCode()));
        federation.add(site, new MemoryStorage(), new GivenExamples(examples), "tests");
      }
      List<RoundRecord> rounds = federation.run(TASK, Duration.ofMinutes(3));
      RoundRecord last = rounds.get(rounds.size() - 1);
      for (String metric : List.of("macro-f1", "accuracy", "balanced-accuracy", "recall")) {
        double value = last.metrics().getOrDefault("test." + metric, Double.NaN);
        assertEquals(1, value, 0.1, metric);
      }
      Evaluation all = last.evaluations().values().stream().reduce(Evaluation::plus).orElseThrow();
      assertEquals(120, all.count());
      assertEquals(FAULTS.size(), all.labels().size());
      federation
          .sites()
          .forEach(
              (site, views) ->
                  assertEquals(Optional.of(last.model()), views.get(0).deployed(), site));
      for (String site : List.of("a", "b")) {
        assertNamed(federation, site);
      }
    } finally {
      engine.stop();
    }
  }

  /** Parts of every combination. */
  private static void assertNamed(SimFederation federation, String site) throws Exception {
    Random random = new Random(7);
    int right = 0;
    for (int combination = 0; combination < 8; combination++) {
      boolean[] faults = {combination % 2 == 1, combination / 2 % 2 == 1, combination / 4 == 1};
      String serial = site + "-new-" + combination;
      federation.closed(site, part(serial, window(faults, random)));
      Prediction prediction = predicted(federation, site, serial);
      assertEquals(FAULTS.size(), prediction.probabilities().size());
      right += prediction.predicted().equals(named(faults)) ? 1 : 0;
    }
    assertTrue(right >= 7, site + ": " + right + " of 8");
  }
}
