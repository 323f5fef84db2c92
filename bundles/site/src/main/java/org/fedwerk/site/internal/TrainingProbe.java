// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.function.LongSupplier;
import org.fedwerk.api.learn.Architectures;
import org.fedwerk.api.learn.Engine;
import org.fedwerk.api.learn.LabelledInputs;
import org.fedwerk.api.learn.Network;
import org.fedwerk.api.learn.TrainingProgress;
import org.fedwerk.api.learn.TrainingSpec;
import org.fedwerk.api.task.Task;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures how fast this site trains a task's network, by a training that is cut short and thrown
 * away.
 */
final class TrainingProbe {
  private static final Logger log = LoggerFactory.getLogger(TrainingProbe.class);
  private static final long ENOUGH_NANOS = Duration.ofSeconds(3).toNanos();
  private static final int LEAST_STEPS = 21;
  private static final double NANOS = 1e9;

  private final Engine engine;
  private final Architectures architectures;
  private final LongSupplier nanoTime;

  TrainingProbe(Engine engine, Architectures architectures, LongSupplier nanoTime) {
    this.engine = engine;
    this.architectures = architectures;
    this.nanoTime = nanoTime;
  }

  /**
   * What was measured.
   *
   * @param stepSeconds seconds per optimizer step; NaN if not one was made
   * @param examplesPerSecond training examples per second; NaN likewise
   * @param failure why a training does not work here; empty if it does
   */
  record Speed(double stepSeconds, double examplesPerSecond, String failure) {}

  /** Counts steps; the first loads and compiles what the others need. */
  private final class Steps implements TrainingProgress {
    private final long begin = nanoTime.getAsLong();
    private long first = begin;
    private long last = begin;
    private int made;

    @Override
    public boolean step(int done, int total) {
      last = nanoTime.getAsLong();
      if (made++ == 0) {
        first = last;
      }
      return !Thread.currentThread().isInterrupted() && last - begin < ENOUGH_NANOS;
    }

    double seconds() {
      return switch (made) {
        case 0 -> Double.NaN;
        case 1 -> (last - begin) / NANOS;
        default -> (last - first) / NANOS / (made - 1);
      };
    }
  }

  /**
   * Trains for some steps, for at most three seconds and a step, from the task's first parameters.
   *
   * @param inputs at least one example
   * @throws InterruptedException if the thread was interrupted
   */
  Speed measure(Task task, Network network, LabelledInputs inputs) throws InterruptedException {
    TrainingSpec spec = task.training();
    int perEpoch = (inputs.count() + spec.batch() - 1) / spec.batch();
    int epochs = Math.max(1, (LEAST_STEPS + perEpoch - 1) / perEpoch);
    float[] start = architectures.initial(network, task.seed());
    // Loads it, which is no part of a step.
    log.debug("Measuring a training on {}", engine.description());
    Steps steps = new Steps();
    String failure = "";
    try {
      var unused =
          engine.train(
              network,
              spec.with(spec.rate(), epochs, spec.proximal()),
              inputs,
              start,
              task.seed(),
              steps);
    } catch (CancellationException enough) {
      log.debug("Training was measured for {} steps", steps.made);
    } catch (ArithmeticException diverged) {
      failure = "training diverges here: " + diverged.getMessage();
    } catch (RuntimeException broken) {
      log.error("Task {}: a training could not be measured", task.name(), broken);
      failure =
          "training fails here ("
              + broken.getClass().getSimpleName()
              + "); the site's log says more";
    }
    if (Thread.interrupted()) {
      throw new InterruptedException("an assessment was interrupted");
    }
    double seconds = steps.seconds();
    return new Speed(seconds, inputs.count() / (perEpoch * seconds), failure);
  }
}
