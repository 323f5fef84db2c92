// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.fedwerk.api.learn.Engine;
import org.fedwerk.api.learn.LabelledInputs;
import org.fedwerk.api.learn.Network;
import org.fedwerk.api.learn.Predictor;
import org.fedwerk.api.learn.TrainedVector;
import org.fedwerk.api.learn.TrainingProgress;
import org.fedwerk.api.learn.TrainingSpec;

/**
 * Repeatable, as an engine must be: what comes out depends on all that goes in. Training can be
 * held in the middle.
 */
final class FakeEngine implements Engine {
  private static final int STEPS = 10;

  final AtomicInteger trainings = new AtomicInteger();
  final Semaphore begun = new Semaphore(0);
  final AtomicInteger open = new AtomicInteger();
  final AtomicInteger loads = new AtomicInteger();
  volatile CompletableFuture<Void> go = CompletableFuture.completedFuture(null);
  volatile boolean diverges;

  /** Happens while the engine is asked what it is, which may take it seconds. */
  volatile Runnable loading = () -> {};

  volatile boolean broken;

  /** What a prediction takes at least. */
  volatile Duration takes = Duration.ZERO;

  /** Lets every training stop in the middle until the result completes. */
  CompletableFuture<Void> hold() {
    CompletableFuture<Void> held = new CompletableFuture<>();
    go = held;
    return held;
  }

  @Override
  public String description() {
    loading.run();
    return "fake engine";
  }

  @Override
  public TrainedVector train(
      Network network,
      TrainingSpec spec,
      LabelledInputs inputs,
      float[] start,
      long seed,
      TrainingProgress progress) {
    trainings.incrementAndGet();
    begun.release();
    long mixed = seed;
    for (float value : inputs.values()) {
      mixed = mixed * 31 + Float.floatToIntBits(value);
    }
    SplittableRandom random = new SplittableRandom(mixed);
    float[] vector = start.clone();
    for (int step = 0; step < STEPS; step++) {
      if (step == STEPS / 2) {
        waitUnlessCancelled(progress, step);
      }
      for (int i = 0; i < vector.length; i++) {
        vector[i] += (float) random.nextDouble(-0.01, 0.01);
      }
      if (!progress.step(step + 1, STEPS)) {
        throw new CancellationException("cancelled at step " + step);
      }
    }
    if (diverges) {
      throw new ArithmeticException("the loss is not finite at step 3");
    }
    if (broken) {
      throw new IllegalStateException("value 42.5 of part S-17 broke it");
    }
    return new TrainedVector(vector, STEPS, inputs.count() * 0.5, inputs.count());
  }

  private void waitUnlessCancelled(TrainingProgress progress, int step) {
    CompletableFuture<Void> until = go;
    while (!until.isDone()) {
      if (!progress.step(step, STEPS)) {
        throw new CancellationException("cancelled while held");
      }
      Thread.onSpinWait();
    }
  }

  private static void waitFor(long nanos) {
    long end = System.nanoTime() + nanos;
    while (System.nanoTime() - end < 0) {
      LockSupport.parkNanos(nanos);
    }
  }

  @Override
  public Predictor predictor(Network network, float[] vector) {
    float[] own = vector.clone();
    open.incrementAndGet();
    loads.incrementAndGet();
    return new Predictor() {
      @Override
      public float[] predict(int count, float[] values) {
        if (broken) {
          throw new IllegalStateException("the native library is gone");
        }
        waitFor(takes.toNanos());
        float[] all = new float[count * network.outputs()];
        if (network.head() == Network.Head.RECONSTRUCTION) {
          // The mean of every value: a score is how far a window is from it.
          return all;
        }
        int width = values.length / count;
        for (int n = 0; n < count; n++) {
          double sum = 0;
          for (int i = 0; i < width; i++) {
            sum += own[i] * values[n * width + i];
          }
          float bad = (float) (1 / (1 + Math.exp(-sum)));
          all[2 * n] = 1 - bad;
          all[2 * n + 1] = bad;
        }
        return all;
      }

      @Override
      public void close() {
        open.decrementAndGet();
      }
    };
  }
}
