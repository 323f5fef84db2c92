// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.time.Duration;
import java.util.Arrays;
import java.util.function.LongSupplier;
import org.fedwerk.api.learn.Engine;
import org.fedwerk.api.learn.Network;
import org.fedwerk.api.learn.Predictor;

/**
 * Measures how long this site's engine takes to predict one part. The model's parameters do not
 * matter for that, so they are zero.
 */
final class PredictionTimer {
  private static final long ENOUGH_NANOS = Duration.ofSeconds(1).toNanos();

  /** The first predictions load and compile what they need. */
  private static final int WARM_UP = 5;

  private static final int MEASURED = 21;

  private final Engine engine;
  private final LongSupplier nanoTime;

  PredictionTimer(Engine engine, LongSupplier nanoTime) {
    this.engine = engine;
    this.nanoTime = nanoTime;
  }

  /**
   * Milliseconds that a prediction of one part takes; the median of some.
   *
   * @param inputSize values of one part
   */
  double millis(Network network, int inputSize) {
    float[] part = new float[inputSize];
    long[] took = new long[MEASURED];
    int count = 0;
    long begin = nanoTime.getAsLong();
    try (Predictor predictor = engine.predictor(network, new float[network.layout().size()])) {
      for (int i = 0; i < WARM_UP; i++) {
        float[] unused = predictor.predict(1, part);
      }
      do {
        long from = nanoTime.getAsLong();
        float[] unused = predictor.predict(1, part);
        took[count++] = nanoTime.getAsLong() - from;
      } while (count < MEASURED && nanoTime.getAsLong() - begin < ENOUGH_NANOS);
    }
    Arrays.sort(took, 0, count);
    return took[count / 2] / 1e6;
  }
}
