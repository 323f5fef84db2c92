// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.reliability;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.fedwerk.itests.figures.Figures;
import org.fedwerk.itests.reliability.soak.Gauge;
import org.fedwerk.itests.reliability.soak.Soak;

/** Half an hour of rounds, and whether a process takes more and more of the machine. */
final class SoakPart implements Part {
  private static final int MINUTES = 30;
  private static final int SETTLING_MINUTES = 10;
  private static final Duration READ_EVERY = Duration.ofSeconds(10);
  private static final Duration LONGEST_GAP = Duration.ofSeconds(20);
  private static final long TRAIN_MILLIS = 3000;
  private static final long PART_MILLIS = 1000;
  private static final String RSS = "rss-growth";
  private static final String THREADS = "threads-growth";
  private static final String HANDLES = "handles-growth";

  @Override
  public String name() {
    return "soak";
  }

  @Override
  public List<String> figures() {
    List<String> names = new ArrayList<>();
    for (String figure : List.of("minutes", RSS, THREADS, HANDLES)) {
      names.add("soak." + figure);
    }
    return names;
  }

  @Override
  public void measure(Figures figures, Path folder) throws Exception {
    String examples = Optional.ofNullable(System.getProperty("fedwerk.examples")).orElseThrow();
    Soak.Plan plan =
        new Soak.Plan(
            Duration.ofMinutes(MINUTES),
            Duration.ofMinutes(SETTLING_MINUTES),
            READ_EVERY,
            LONGEST_GAP,
            true,
            TRAIN_MILLIS,
            PART_MILLIS,
            List.of());
    Soak.Result result = new Soak(folder, Path.of(examples), plan).run();
    figures.print("soak.minutes", MINUTES, "min");
    figures.print("soak.rounds", result.rounds(), "rounds");
    figures.print("soak.longest-gap", result.longestGapSeconds(), "s");
    figures.print("soak.predictions", result.predictions(), "parts");
    print(figures, result, RSS, "MB/h", Gauge.Growth::megabytes);
    print(figures, result, THREADS, "threads/h", Gauge.Growth::threads);
    print(figures, result, HANDLES, "handles/h", Gauge.Growth::handles);
    result.growth().forEach(growth -> System.out.println("soak: " + growth));
  }

  private static void print(
      Figures figures,
      Soak.Result result,
      String figure,
      String unit,
      ToDoubleFunction<Gauge.Growth> value) {
    for (Gauge.Growth growth : result.growth()) {
      String name = "soak." + growth.name() + "." + figure;
      figures.print(name, value.applyAsDouble(growth), unit);
    }
    figures.print(
        "soak." + figure, result.growth().stream().mapToDouble(value).max().orElseThrow(), unit);
  }
}
