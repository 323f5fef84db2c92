// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;

/**
 * Copies and folds the same chunks in turn, one of the two per iteration, a copy first. JMH would
 * run two benchmark methods one after the other; on a machine whose speed drifts that compares
 * minutes, not methods. The collector is the one that the distribution sets.
 */
@State(Scope.Thread)
@Threads(1)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xmx3g", "-XX:+UseSerialGC"})
@Warmup(iterations = 2 * FoldBenchmark.WARMUP_PAIRS)
@Measurement(iterations = 2 * FoldBenchmark.PAIRS)
public class FoldBenchmark {
  static final int PAIRS = 11;
  static final int WARMUP_PAIRS = 5;

  /** Elements per range, as the coordinator's default has it. */
  static final int RANGE_ELEMENTS = 24_000;

  private final FoldInput input = new FoldInput(Round.LARGE, RANGE_ELEMENTS);
  private boolean folds = true;

  /** One copy and the fold after it. */
  record Pair(double copyNanos, double foldNanos) {}

  /** Not measured. */
  @Setup(Level.Iteration)
  public void turn() {
    folds = !folds;
    input.reset();
  }

  /** A copy or a fold of all updates. */
  @Benchmark
  public float[] pass() {
    if (folds) {
      input.fold();
    } else {
      input.copy();
    }
    return input.parameters();
  }

  /** Not measured. */
  @TearDown(Level.Iteration)
  public void check() {
    if (folds) {
      input.check();
    }
  }

  /** The pairs of a run, read from its iterations in turn. */
  static List<Pair> pairs(RunResult run) {
    List<Double> nanos = new ArrayList<>();
    for (BenchmarkResult fork : run.getBenchmarkResults()) {
      for (IterationResult iteration : fork.getIterationResults()) {
        nanos.add(iteration.getPrimaryResult().getScore());
      }
    }
    if (nanos.size() != 2 * PAIRS) {
      throw new IllegalStateException(
          "expected " + 2 * PAIRS + " measured iterations, got " + nanos.size());
    }
    List<Pair> pairs = new ArrayList<>();
    for (int i = 0; i < nanos.size(); i += 2) {
      pairs.add(new Pair(nanos.get(i), nanos.get(i + 1)));
    }
    return pairs;
  }
}
