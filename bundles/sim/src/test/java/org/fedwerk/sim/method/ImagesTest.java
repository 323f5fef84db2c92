// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.method;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.coordinator.Coordination;
import org.fedwerk.api.coordinator.Coordination.RoundRecord;
import org.fedwerk.api.data.Schema;
import org.fedwerk.api.learn.Evaluation;
import org.fedwerk.api.predict.Prediction;
import org.fedwerk.learn.djl.internal.DjlEngine;
import org.fedwerk.learn.djl.internal.EngineSettings;
import org.fedwerk.sim.internal.GivenExamples;
import org.fedwerk.sim.internal.SimFederation;
import org.fedwerk.store.internal.DiskStorage;
import org.fedwerk.store.internal.StoreSettings;
import org.fedwerk.task.internal.YamlTaskReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two plants learn from pictures of plates: one has light plates, the other dark ones. */
@Timeout(900)
class ImagesTest {
  private static final int PARAMETERS = 80 + 1168 + 2050;

  @TempDir Path folder;

  private static String example() throws Exception {
    return Files.readString(Path.of(System.getProperty("fedwerk.examples"), "plates.yaml"));
  }

  private static ScratchedPlates light(long seed) {
    return new ScratchedPlates(new Color(190, 185, 170), new Color(110, 100, 90), seed);
  }

  private static ScratchedPlates dark(long seed) {
    return new ScratchedPlates(new Color(80, 90, 110), new Color(170, 170, 165), seed);
  }

  private DiskStorage storage(String own) throws Exception {
    DiskStorage storage =
        new DiskStorage(StoreSettings.in(Files.createDirectories(folder.resolve(own))));
    storage.start();
    return storage;
  }

  @Test
  void theExampleIsTakenByADryRunAndOneBeyondItsBudgetIsNot() throws Exception {
    DjlEngine engine = new DjlEngine(EngineSettings.defaults());
    try (SimFederation federation = new SimFederation(engine)) {
      Coordination.DryRun run = federation.dryRun(example());
      assertEquals(PARAMETERS, run.parameters());
      assertTrue(run.layout().contains("conv2.weight SHARED [16, 8, 3, 3] 80"), run.layout());
      assertTrue(run.bytesUp() >= 4 * PARAMETERS && run.bytesDown() >= 4 * PARAMETERS);
      RefusedException refused =
          assertThrows(
              RefusedException.class,
              () -> federation.dryRun(example().replace("hidden: [8, 16] ", "hidden: [32, 64] ")));
      assertEquals("model.budget.parameters", refused.refusals().get(0).where());
    } finally {
      engine.stop();
    }
  }

  @Test
  void aScratchIsSeenOnPlatesOfBothPlants() throws Exception {
    String yaml =
        example()
            .replaceFirst("(?m)^  max: 40$", "  max: 8")
            .replaceFirst("(?m)^  least: 10$", "  least: 8");
    Schema schema = new YamlTaskReader().read(yaml).task().schema();
    DjlEngine engine = new DjlEngine(EngineSettings.defaults());
    try (SimFederation federation = new SimFederation(engine);
        DiskStorage a = storage("a");
        DiskStorage b = storage("b")) {
      federation.add("a", a, new GivenExamples(light(1).examples(schema, "a", 240)), "Quality");
      federation.add("b", b, new GivenExamples(dark(2).examples(schema, "b", 240)), "Quality");
      List<RoundRecord> rounds = federation.run(yaml, Duration.ofMinutes(12));
      Evaluation all =
          rounds.get(rounds.size() - 1).evaluations().values().stream()
              .reduce(Evaluation::plus)
              .orElseThrow();
      assertEquals(480, all.count());
      double accuracy =
          rounds
              .get(rounds.size() - 1)
              .metrics()
              .getOrDefault("test.balanced-accuracy", Double.NaN);
      assertTrue(accuracy > 0.9, "balanced accuracy " + accuracy);
      assertSeen(federation, "a", light(3));
      assertSeen(federation, "b", dark(4));
    } finally {
      engine.stop();
    }
  }

  /** Each site predicts parts that it never saw, from their pictures. */
  private static void assertSeen(SimFederation federation, String site, ScratchedPlates plates)
      throws InterruptedException {
    int right = 0;
    for (int n = 0; n < 40; n++) {
      boolean isScratched = n % 2 == 0;
      String serial = site + "-new-" + n;
      federation.closed(site, plates.part(serial, isScratched));
      String seen = predicted(federation, site, serial).predicted();
      right += seen.equals(isScratched ? "scratched" : "clean") ? 1 : 0;
    }
    assertTrue(right >= 34, site + ": " + right + " of 40");
  }

  private static Prediction predicted(SimFederation federation, String site, String serial)
      throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (true) {
      Optional<Prediction> newest = federation.newest(site, "plate-scratch");
      if (newest.isPresent() && newest.get().serial().equals(serial)) {
        return newest.get();
      }
      if (System.nanoTime() > end) {
        throw new AssertionError("no prediction of " + serial + " came, the newest is " + newest);
      }
      TimeUnit.MILLISECONDS.sleep(1);
    }
  }
}
