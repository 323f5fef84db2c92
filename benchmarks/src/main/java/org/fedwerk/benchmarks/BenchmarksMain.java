// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.fedwerk.benchmarks.FoldBenchmark.Pair;
import org.fedwerk.itests.figures.Figures;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Prints the figures of {@code mvn -Pbench verify}. */
public final class BenchmarksMain {
  private BenchmarksMain() {}

  /**
   * Runs.
   *
   * @param args the Python program
   */
  public static void main(String[] args) throws IOException, InterruptedException, RunnerException {
    Figures figures = new Figures(System.out);
    RunResult run =
        new Runner(
                new OptionsBuilder()
                    .include("^" + FoldBenchmark.class.getName() + "\\.")
                    .shouldFailOnError(true)
                    .verbosity(VerboseMode.SILENT)
                    .build())
            .runSingle();
    List<Pair> pairs = FoldBenchmark.pairs(run);
    double foldNanos = median(pairs, Pair::foldNanos);
    double bytes = 4.0 * Round.LARGE.sites() * Round.LARGE.elements();
    System.out.printf(
        Locale.ROOT,
        "fedavg: %d updates of %d floats, medians of %d: copy %.2f GB/s, fold %.2f GB/s;"
            + " ratio from %.3f to %.3f%n",
        Round.LARGE.sites(),
        Round.LARGE.elements(),
        pairs.size(),
        bytes / median(pairs, Pair::copyNanos),
        bytes / foldNanos,
        pairs.stream().mapToDouble(BenchmarksMain::ratio).min().orElse(Double.NaN),
        pairs.stream().mapToDouble(BenchmarksMain::ratio).max().orElse(Double.NaN));
    figures.print("fedavg.copy-ratio", median(pairs, BenchmarksMain::ratio), "ratio");

    Optional<Double> numpy =
        NumpyFold.seconds(
            Path.of(args[0]), Round.LARGE, FoldBenchmark.RANGE_ELEMENTS, FoldBenchmark.PAIRS);
    if (numpy.isPresent()) {
      System.out.printf(Locale.ROOT, "fedavg: numpy %.2f GB/s%n", bytes / (numpy.get() * 1e9));
      figures.print("fedavg.numpy-ratio", numpy.get() * 1e9 / foldNanos, "ratio");
    } else {
      figures.absent("fedavg.numpy-ratio", "python3 with numpy is not there");
    }
    figures.require(List.of("fedavg.copy-ratio"));
  }

  /** Fold over copy in bytes per second: both take the same bytes. */
  private static double ratio(Pair pair) {
    return pair.copyNanos() / pair.foldNanos();
  }

  private static double median(List<Pair> pairs, ToDoubleFunction<Pair> value) {
    double[] sorted = pairs.stream().mapToDouble(value).sorted().toArray();
    return sorted[sorted.length / 2];
  }
}
