// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.plant.process;

import java.util.Random;

/**
 * A random walk with mean 0 and a given standard deviation over its length, which then turns back,
 * so that a process can go on for ever without a jump.
 */
final class RandomWalk {
  private final double[] values;

  RandomWalk(int length, double deviation, Random random) {
    values = new double[length];
    for (int n = 1; n < length; n++) {
      values[n] = values[n - 1] + random.nextGaussian();
    }
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    double mean = sum / length;
    double squares = 0;
    for (double value : values) {
      squares += (value - mean) * (value - mean);
    }
    double scale = deviation / Math.sqrt(squares / length);
    for (int n = 0; n < length; n++) {
      values[n] = (values[n] - mean) * scale;
    }
  }

  double at(long n) {
    long period = 2L * (values.length - 1);
    int place = (int) (n % period);
    return values[place < values.length ? place : (int) (period - place)];
  }
}
