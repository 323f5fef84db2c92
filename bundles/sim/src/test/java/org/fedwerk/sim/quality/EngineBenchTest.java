// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.quality;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.fedwerk.api.task.ModelSpec;
import org.fedwerk.learn.djl.internal.DjlEngine;
import org.fedwerk.learn.djl.internal.EngineSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineBenchTest {
  @TempDir Path folder;

  @Test
  void bothEnginesComeToTheSameOnEveryArchitecture() throws Exception {
    DjlEngine pyTorch = new DjlEngine(EngineSettings.of("PyTorch"));
    DjlEngine mxNet = new DjlEngine(EngineSettings.of("MXNet"));
    try {
      List<EngineDifference> all = new EngineBench(pyTorch, mxNet).run();

      assertEquals(
          ModelSpec.ARCHITECTURES, all.stream().map(EngineDifference::architecture).toList());
      for (EngineDifference each : all) {
        assertTrue(each.isWithin(), each.toString());
      }
      assertTrue(
          all.stream().anyMatch(each -> each.update() > 0), "an engine was compared with itself");
    } finally {
      pyTorch.stop();
      mxNet.stop();
    }
  }

  @Test
  void whatWasMeasuredIsReadAgainAndReported() throws Exception {
    List<EngineDifference> measured =
        List.of(
            new EngineDifference("linear", 30, 2.5e-7, 1e-6),
            new EngineDifference("mlp", 300, 2e-4, 1e-6));
    Path file = folder.resolve("quality").resolve("engines.csv");
    assertEquals(List.of(), EngineDifference.read(file));

    EngineDifference.write(file, measured);

    assertEquals(measured, EngineDifference.read(file));
    String section = EngineReport.section(measured);
    assertTrue(section.contains("| linear | 30 | 2.5e-07 | 1.0e-06 | met |"), section);
    assertTrue(section.contains("| mlp | 300 | 2.0e-04 | 1.0e-06 | missed |"), section);
    assertTrue(EngineReport.section(List.of()).contains("Not measured yet"));
  }
}
