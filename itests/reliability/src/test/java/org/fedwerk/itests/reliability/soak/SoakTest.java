// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.reliability.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SoakTest {
  @TempDir Path folder;

  @Test
  void roundsGoOnWhileEachProcessIsReadAndThreadsAndHandlesDoNotGrow() throws Exception {
    Path examples = Path.of(System.getProperty("fedwerk.examples"));
    Soak.Plan plan =
        new Soak.Plan(
            Duration.ofSeconds(12),
            Duration.ofSeconds(4),
            Duration.ofMillis(500),
            Duration.ofMinutes(2),
            false,
            100,
            100,
            List.of("-XX:TieredStopAtLevel=1"));
    Soak.Result result = new Soak(folder, examples, plan).run();
    assertTrue(result.rounds() >= 2, result.toString());
    assertTrue(result.predictions() > 0, result.toString());
    assertEquals(
        List.of("coordinator", "a", "b", "c"),
        result.growth().stream().map(Gauge.Growth::name).toList());
    for (Gauge.Growth growth : result.growth()) {
      assertTrue(growth.last().megabytes() > 20 && growth.last().threads() > 10, growth.toString());
      // One more every second would be 3600 an hour; what starts late in a young process is not.
      assertTrue(growth.threads() < 3600, growth.toString());
      assertTrue(growth.handles() < 3600, growth.toString());
    }
    List<String> rows = Files.readAllLines(folder.resolve("readings.csv"));
    assertTrue(rows.size() > 4 * 8, rows.size() + " rows");
  }

  @Test
  void theSlopeOfALineIsItsOwnAndNoiseAroundItChangesLittle() {
    SplittableRandom random = new SplittableRandom(1);
    List<Slope.Point> exact = new ArrayList<>();
    List<Slope.Point> noisy = new ArrayList<>();
    for (int second = 0; second < 1200; second += 10) {
      double hours = second / 3600.0;
      exact.add(new Slope.Point(hours, 300 + 7.5 * hours));
      noisy.add(new Slope.Point(hours, 300 + 7.5 * hours + random.nextDouble(-0.5, 0.5)));
    }
    assertEquals(7.5, Slope.perHour(exact), 1e-9);
    assertEquals(7.5, Slope.perHour(noisy), 1);
  }

  @Test
  void whatFallsHasASlopeBelowZeroAndWhatStaysHasNone() {
    assertEquals(
        -2,
        Slope.perHour(List.of(new Slope.Point(0, 4), new Slope.Point(1, 2), new Slope.Point(2, 0))),
        1e-12);
    assertEquals(
        0,
        Slope.perHour(List.of(new Slope.Point(0, 5), new Slope.Point(1, 5), new Slope.Point(3, 5))),
        1e-12);
  }

  @Test
  void aLeakOfOneThreadInTenMinutesIsFoundBehindTheTimeToSettle() {
    List<Gauge.Reading> readings = new ArrayList<>();
    for (int second = 0; second <= 1800; second += 10) {
      // Steep while it starts, then one thread in ten minutes and 3 MB an hour.
      double settling = Math.min(second, 600) / 600.0;
      int threads = 20 + (int) (10 * settling) + Math.max(0, second - 600) / 600;
      double megabytes = 100 + 200 * settling + Math.max(0, second - 600) * 3 / 3600.0;
      readings.add(new Gauge.Reading(second * 1_000_000_000L, megabytes, threads, 50));
    }
    Gauge.Growth growth =
        Gauge.growth(
            "leak", readings.stream().filter(read -> read.nanos() >= 600_000_000_000L).toList());
    assertEquals(3, growth.megabytes(), 1e-6);
    assertTrue(growth.threads() > 3 && growth.threads() < 9, growth.toString());
    assertEquals(0, growth.handles(), 1e-9);
  }

  @Test
  void tooFewPointsOrPointsOfOneTimeHaveNoSlope() {
    Slope.Point point = new Slope.Point(1, 1);
    assertThrows(IllegalArgumentException.class, () -> Slope.perHour(List.of(point, point)));
    assertThrows(IllegalArgumentException.class, () -> Slope.perHour(List.of(point, point, point)));
  }
}
