// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.learn.internal;

import java.util.List;
import java.util.stream.IntStream;
import org.fedwerk.api.data.ImageSpec;
import org.fedwerk.api.data.Regimes;
import org.fedwerk.api.data.Schema;
import org.fedwerk.api.data.ValuePools;
import org.fedwerk.api.learn.Moments;
import org.fedwerk.api.learn.Normalisation;
import org.jspecify.annotations.Nullable;

/**
 * Which values share a mean and a deviation: those of a signal at a step; of an image those of a
 * channel, as what is seen may move; under a schema with regimes those of a signal in a regime. A
 * value that is not finite is not there.
 */
final class Standardisation {
  private static final float[] NO_INPUT = {};

  private final int size;
  private final int together;
  private final int signals;
  private final int steps;
  private final @Nullable Regimes regimes;
  private final ValuePools pools;

  private Standardisation(Schema schema) {
    ImageSpec image = schema.image();
    size = schema.inputSize();
    together = image == null ? 1 : image.width() * image.height();
    signals = schema.signals().size();
    steps = schema.window().steps();
    regimes = schema.regimes();
    pools = new ValuePools(schema);
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
      Sums sums = new Sums(size / together, inputs, (raw, i) -> i / together);
      for (int i = 0; i < size; i++) {
        mean[i] = (float) sums.mean(i / together);
        scale[i] = sums.scale(i / together);
      }
      return new Normalisation(mean, scale);
    }
    Sums own = new Sums(groups(), inputs, this::group);
    Sums all = new Sums(signals, inputs, (raw, i) -> i / steps);
    for (int group = 0; group < mean.length; group++) {
      // A regime that this site has not seen yet is taken for the mean of those that it has.
      boolean isSeen = own.count[group] > 0;
      mean[group] = (float) (isSeen ? own.mean(group) : all.mean(group % signals));
      scale[group] = isSeen ? own.scale(group) : all.scale(group % signals);
    }
    return new Normalisation(mean, scale);
  }

  /**
   * What a site tells of raw inputs.
   *
   * @param inputsLeast a pool with values in fewer inputs is told as if it had none
   */
  List<Moments> moments(List<float[]> inputs, int inputsLeast) {
    Sums sums = new Sums(pools.count(), inputs, pools::of);
    return IntStream.range(0, pools.count())
        .mapToObj(pool -> sums.inputs[pool] < inputsLeast ? Moments.NONE : sums.moments(pool))
        .toList();
  }

  /** Means and deviations by what was told of each pool. */
  Normalisation of(List<Moments> told) {
    if (told.size() != pools.count()) {
      throw new IllegalArgumentException(
          "there are statistics of " + told.size() + " pools, inputs have " + pools.count());
    }
    float[] mean = new float[groups()];
    float[] scale = new float[groups()];
    for (int group = 0; group < mean.length; group++) {
      Moments its = regimes == null ? told.get(pools.of(NO_INPUT, group)) : seen(told, group);
      mean[group] = (float) its.mean();
      float deviation = (float) its.deviation();
      scale[group] = deviation == 0 ? 1 : deviation;
    }
    return new Normalisation(mean, scale);
  }

  /** A regime that no site has seen yet is taken for the mean of those that were. */
  private Moments seen(List<Moments> told, int group) {
    if (told.get(group).count() > 0) {
      return told.get(group);
    }
    Moments all = Moments.NONE;
    for (int other = group % signals; other < told.size(); other += signals) {
      all = all.plus(told.get(other));
    }
    return all;
  }

  /**
   * Means and population standard deviations. Two passes: sums of squares of raw values lose all
   * digits where the mean is large.
   */
  private static final class Sums {
    private final long[] count;
    private final long[] inputs;
    private final int[] newest;
    private final double[] sum;
    private final double[] squares;
    private final float[] least;
    private final float[] most;

    Sums(int pools, List<float[]> raws, Pool pool) {
      count = new long[pools];
      inputs = new long[pools];
      newest = new int[pools];
      sum = new double[pools];
      squares = new double[pools];
      least = new float[pools];
      most = new float[pools];
      int number = 0;
      for (float[] raw : raws) {
        number++;
        for (int i = 0; i < raw.length; i++) {
          if (Float.isFinite(raw[i])) {
            add(pool.of(raw, i), raw[i], number);
          }
        }
      }
      for (float[] raw : raws) {
        for (int i = 0; i < raw.length; i++) {
          if (Float.isFinite(raw[i])) {
            int at = pool.of(raw, i);
            double apart = raw[i] - mean(at);
            squares[at] += apart * apart;
          }
        }
      }
    }

    private void add(int at, float value, int input) {
      least[at] = count[at] == 0 ? value : Math.min(least[at], value);
      most[at] = count[at] == 0 ? value : Math.max(most[at], value);
      sum[at] += value;
      count[at]++;
      if (newest[at] != input) {
        newest[at] = input;
        inputs[at]++;
      }
    }

    double mean(int at) {
      return count[at] == 0 ? 0 : sum[at] / count[at];
    }

    Moments moments(int at) {
      if (count[at] == 0) {
        return Moments.NONE;
      }
      // Of a constant the mean of many is not always the value itself, and then would vary.
      return least[at] == most[at]
          ? new Moments(count[at], least[at], 0)
          : new Moments(count[at], mean(at), squares[at] / count[at]);
    }

    /** 1 if all values are the same, or none is there. */
    float scale(int at) {
      float scale = count[at] == 0 ? 0 : (float) Math.sqrt(squares[at] / count[at]);
      return scale == 0 || least[at] == most[at] ? 1 : scale;
    }
  }
}
