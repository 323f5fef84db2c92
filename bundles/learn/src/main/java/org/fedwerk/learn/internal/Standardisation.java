// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.learn.internal;

import java.util.List;
import org.fedwerk.api.data.ImageSpec;
import org.fedwerk.api.data.Regimes;
import org.fedwerk.api.data.Schema;
import org.fedwerk.api.learn.Normalisation;
import org.jspecify.annotations.Nullable;

/**
 * Which values share a mean and a deviation: those of a signal at a step; of an image those of a
 * channel, as what is seen may move; under a schema with regimes those of a signal in a regime. A
 * value that is not finite is not there.
 */
final class Standardisation {
  private final int size;
  private final int together;
  private final int signals;
  private final int steps;
  private final @Nullable Regimes regimes;

  private Standardisation(Schema schema) {
    ImageSpec image = schema.image();
    size = schema.inputSize();
    together = image == null ? 1 : image.width() * image.height();
    signals = schema.signals().size();
    steps = schema.window().steps();
    regimes = schema.regimes();
  }

  static Standardisation of(Schema schema) {
    return new Standardisation(schema);
  }

  /** How many means and scales there are. */
  int groups() {
    return regimes == null ? size : regimes.count() * signals;
  }

  /** Whose mean and scale a value takes. */
  int group(float[] raw, int element) {
    return regimes == null
        ? element
        : regimes.of(raw, steps, element % steps) * signals + element / steps;
  }

  /** Tells which pool a value belongs to. */
  private interface Pool {
    int of(float[] raw, int element);
  }

  /** Means and deviations of raw inputs; a constant has scale 1. */
  Normalisation fit(List<float[]> inputs) {
    float[] mean = new float[groups()];
    float[] scale = new float[groups()];
    if (regimes == null) {
      Moments moments = new Moments(size / together, inputs, (raw, i) -> i / together);
      for (int i = 0; i < size; i++) {
        mean[i] = (float) moments.mean(i / together);
        scale[i] = moments.scale(i / together);
      }
      return new Normalisation(mean, scale);
    }
    Moments own = new Moments(groups(), inputs, this::group);
    Moments all = new Moments(signals, inputs, (raw, i) -> i / steps);
    for (int group = 0; group < mean.length; group++) {
      // A regime that this site has not seen yet is taken for the mean of those that it has.
      boolean isSeen = own.count[group] > 0;
      mean[group] = (float) (isSeen ? own.mean(group) : all.mean(group % signals));
      scale[group] = isSeen ? own.scale(group) : all.scale(group % signals);
    }
    return new Normalisation(mean, scale);
  }

  /**
   * Means and population standard deviations. Two passes: sums of squares of raw values lose all
   * digits where the mean is large.
   */
  private static final class Moments {
    private final long[] count;
    private final double[] sum;
    private final double[] squares;
    private final float[] least;
    private final float[] most;

    Moments(int pools, List<float[]> inputs, Pool pool) {
      count = new long[pools];
      sum = new double[pools];
      squares = new double[pools];
      least = new float[pools];
      most = new float[pools];
      for (float[] raw : inputs) {
        for (int i = 0; i < raw.length; i++) {
          if (Float.isFinite(raw[i])) {
            add(pool.of(raw, i), raw[i]);
          }
        }
      }
      for (float[] raw : inputs) {
        for (int i = 0; i < raw.length; i++) {
          if (Float.isFinite(raw[i])) {
            int at = pool.of(raw, i);
            double apart = raw[i] - mean(at);
            squares[at] += apart * apart;
          }
        }
      }
    }

    private void add(int at, float value) {
      least[at] = count[at] == 0 ? value : Math.min(least[at], value);
      most[at] = count[at] == 0 ? value : Math.max(most[at], value);
      sum[at] += value;
      count[at]++;
    }

    double mean(int at) {
      return count[at] == 0 ? 0 : sum[at] / count[at];
    }

    /** 1 if all values are the same, or none is there. */
    float scale(int at) {
      float scale = count[at] == 0 ? 0 : (float) Math.sqrt(squares[at] / count[at]);
      return scale == 0 || least[at] == most[at] ? 1 : scale;
    }
  }
}
