// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.window.internal;

import org.fedwerk.api.data.WindowStatistic;

/** Statistics of a series in which NaN stands for a value that is not there. */
final class Moments {
  private final double[] series;
  private final int count;
  private final double mean;
  private final double min;
  private final double max;

  Moments(double[] series) {
    this.series = series;
    int there = 0;
    double sum = 0;
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    for (double value : series) {
      if (!Double.isNaN(value)) {
        there++;
        sum += value;
        least = Math.min(least, value);
        most = Math.max(most, value);
      }
    }
    count = there;
    mean = sum / there;
    min = least;
    max = most;
  }

  /** NaN if no value is there. */
  double mean() {
    return mean;
  }

  /** NaN if no value is there. */
  double of(WindowStatistic statistic) {
    if (count == 0) {
      return Double.NaN;
    }
    return switch (statistic) {
      case MEAN -> mean;
      case DEVIATION -> Math.sqrt(central(2));
      case MIN -> min;
      case MAX -> max;
      case RMS -> Math.sqrt(central(2) + mean * mean);
      case SLOPE -> slope();
      case SKEWNESS -> min == max ? 0 : central(3) / Math.pow(central(2), 1.5);
      case KURTOSIS -> min == max ? 0 : central(4) / (central(2) * central(2)) - 3;
    };
  }

  private double central(int power) {
    double sum = 0;
    for (double value : series) {
      if (!Double.isNaN(value)) {
        double apart = value - mean;
        double product = 1;
        for (int i = 0; i < power; i++) {
          product *= apart;
        }
        sum += product;
      }
    }
    return sum / count;
  }

  private double slope() {
    double steps = 0;
    for (int k = 0; k < series.length; k++) {
      steps += Double.isNaN(series[k]) ? 0 : k;
    }
    double middle = steps / count;
    double both = 0;
    double squares = 0;
    for (int k = 0; k < series.length; k++) {
      if (!Double.isNaN(series[k])) {
        both += (k - middle) * (series[k] - mean);
        squares += (k - middle) * (k - middle);
      }
    }
    return squares == 0 ? 0 : both / squares;
  }
}
