// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.quality;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.fedwerk.itests.figures.Figures;
import org.fedwerk.learn.djl.internal.DjlEngine;
import org.fedwerk.learn.djl.internal.EngineSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainMemoryTest {
  @TempDir Path folder;

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final Figures figures =
      new Figures(new PrintStream(printed, true, StandardCharsets.UTF_8));

  private Path status(long kilobytes) throws IOException {
    String text = "Name:\tjava\nVmHWM:\t  999999 kB\nVmRSS:\t" + kilobytes + " kB\nThreads:\t9\n";
    return Files.writeString(folder.resolve("status"), text);
  }

  @Test
  void theSlopeIsThatOfLeastSquares() {
    assertEquals(
        0.6,
        ResidentMemory.slope(
            List.of(
                new double[] {1, 2},
                new double[] {2, 4},
                new double[] {3, 5},
                new double[] {4, 4},
                new double[] {5, 5})),
        1e-12);
  }

  @Test
  void memoryIsReadEveryFiftyStepsBehindTheFirstFifth() throws Exception {
    ResidentMemory memory = new ResidentMemory(folder.resolve("status"));
    for (int done = 1; done <= 1000; done++) {
      // Before the first fifth, and between the fiftieth steps, nothing is read.
      status(done < 200 || done % 50 != 0 ? 1_000_000_000 : 500_000 + 3L * done);
      assertTrue(memory.step(done, 1000));
    }

    TrainMemory measured = memory.measured();

    assertEquals(1000, measured.steps());
    assertEquals(3.072, measured.slope(), 1e-9, "3000 kB of 1024 bytes per 1000 steps");
    assertEquals(500_600 * 1024 / 1e6, measured.first(), 1e-9);
    assertEquals(503_000 * 1024 / 1e6, measured.last(), 1e-9);
    assertFalse(measured.isMet());
  }

  @Test
  void aFileWithoutResidentMemoryIsRefused() throws Exception {
    Path other = Files.writeString(folder.resolve("other"), "Name:\tjava\n");
    assertThrows(IOException.class, () -> ResidentMemory.megabytes(other));
  }

  @Test
  void aTrainingIsMeasuredWhereTheSystemTells() throws Exception {
    DjlEngine engine = new DjlEngine(EngineSettings.defaults());
    try {
      TrainFigures train = new TrainFigures(figures, engine, "none", folder);

      TrainMemory memory = train.memory(status(2_000), 25).orElseThrow();

      assertEquals(200, memory.steps());
      assertEquals(0, memory.slope(), 1e-12);
      assertEquals(2.048, memory.last(), 1e-12);
      assertTrue(memory.isMet());
      assertEquals(Optional.empty(), train.memory(folder.resolve("nothing"), 25));
      String text = printed.toString(StandardCharsets.UTF_8);
      assertTrue(text.contains("figure train.memory-slope 0 MB per 1000 steps"), text);
      assertTrue(text.contains("absent train.memory-slope: this system has no "), text);
    } finally {
      engine.stop();
    }
  }

  @Test
  void whatWasMeasuredIsReadAgainAndReported() throws Exception {
    List<TrainRatio> ratios =
        List.of(
            new TrainRatio("linear", 435, 80_000, 100_000, 1.25),
            new TrainRatio("mlp", 11459, 79_000, 100_000, 0.5));
    TrainMemory memory = new TrainMemory(10_000, 0.0125, 411, 412.5);
    Path of = folder.resolve("quality");
    assertEquals(List.of(), TrainRatio.read(of.resolve("r.csv")));
    assertEquals(Optional.empty(), TrainMemory.read(of.resolve("m.csv")));

    TrainRatio.write(of.resolve("r.csv"), ratios);
    memory.write(of.resolve("m.csv"));

    assertEquals(ratios, TrainRatio.read(of.resolve("r.csv")));
    assertEquals(Optional.of(memory), TrainMemory.read(of.resolve("m.csv")));
    String section = TrainReport.section(ratios, Optional.of(memory));
    assertTrue(section.contains("| linear | 435 | 80000 | 100000 | 0.80 | met | 1.25 |"), section);
    assertTrue(
        section.contains("| mlp | 11459 | 79000 | 100000 | 0.79 | missed | 0.50 |"), section);
    assertTrue(section.contains("0.013 MB per 1000 steps, less than 1: met."), section);
    assertTrue(
        TrainReport.section(List.of(), Optional.empty()).contains("Not measured yet"), section);
  }
}
