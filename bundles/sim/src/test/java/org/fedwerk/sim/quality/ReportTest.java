// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.quality;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.fedwerk.api.learn.Errors;
import org.fedwerk.api.learn.Evaluation;
import org.fedwerk.sim.baseline.Score;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
  private static final Path FILES = Path.of(System.getProperty("fedwerk.examples"), "quality");

  @TempDir Path docs;

  private static Measured measured(double pooled, double best) {
    return new Measured(
        12,
        List.of("a", "b"),
        new Bench.Result(
            List.of(
                new Column("pooled", 2, 0.9, new double[] {pooled, pooled - 0.01, pooled + 0.01}),
                new Column("best", 1, 0.8, new double[] {best, best, best})),
            new double[][] {{0.9, 0.2}, {0.1, 0.8}}),
        new double[][] {{0.05, 1.5}, {0.7, 0.04}});
  }

  @Test
  void saysOfEveryAimWhetherItIsMet() throws Exception {
    Report report = new Report(docs, FILES);
    measured(0.93, 0.9).write(report.numbers("hydraulic.accumulator"));
    report.write();
    String text = Files.readString(docs.resolve("quality.md"));
    assertTrue(text.contains("| pooled | 0.930 | 0.020 | 0.930, 0.920, 0.940 | 0.900 | 2 |"), text);
    assertTrue(text.contains("| pooled at least 0.920 | 0.930 | met |"), text);
    assertTrue(text.contains("| best at least -0.020 on pooled = 0.910 | 0.900 | missed |"), text);
    assertTrue(text.contains("| b | 0.100 | 0.800 |"), text);
    assertTrue(text.contains("| a | 0.050 | 1.500 |"), text);
    assertTrue(text.contains("## cmapss.rul"), "a set that was never measured is named, too");
    String svg = Files.readString(docs.resolve("quality/hydraulic.accumulator.svg"));
    assertEquals(6, svg.split("<circle ", -1).length - 1, "a mark per seed");
  }

  @Test
  void whatWasMeasuredIsReadAsItWasWritten() throws Exception {
    Measured written = measured(1 / 3.0, 0.25);
    written.write(docs.resolve("x.csv"));
    Measured read = Measured.read(docs.resolve("x.csv")).orElseThrow();
    assertEquals(written.sites(), read.sites());
    assertEquals(12, read.seconds());
    assertArrayEquals(
        written.result().columns().get(0).values(), read.result().columns().get(0).values());
    assertArrayEquals(written.result().abroad()[1], read.result().abroad()[1]);
    assertArrayEquals(written.drift()[0], read.drift()[0]);
    assertEquals(1 / 3.0, read.column("pooled").orElseThrow().mean(), 1e-12);
    assertEquals(0.02, read.column("pooled").orElseThrow().spread(), 1e-12);
  }

  @Test
  void aScoreIsTheMeanOverSitesOrThatOfTheirCountsTogether() {
    List<Evaluation> sites =
        List.of(
            Evaluation.ofErrors(1, 0, new Errors(4, 2)),
            Evaluation.ofErrors(3, 0, new Errors(48, 12)));
    assertEquals(3, new Score("rmse", false).of(sites), 1e-12);
    assertEquals(Math.sqrt(13), new Score("rmse", true).of(sites), 1e-12);
    assertTrue(new Score("rmse", true).isBetter(1, 2) && new Score("auc", true).isBetter(2, 1));
    assertTrue(new Score("auc", true).isBetter(0, Double.NaN), "any number is better than none");
  }
}
