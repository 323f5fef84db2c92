// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.data;

/** One number of a signal's values within a window, over those that are there. */
public enum WindowStatistic {
  /** Arithmetic mean, in the signal's unit. */
  MEAN("mean"),
  /** Population standard deviation, in the unit. */
  DEVIATION("deviation"),
  /** Least value. */
  MIN("min"),
  /** Greatest value. */
  MAX("max"),
  /** Root of the mean of squares, in the unit. */
  RMS("rms"),
  /** Slope of the least-squares line, in the unit per step; 0 for a single value. */
  SLOPE("slope"),
  /** Third standardised moment; 0 for a constant. */
  SKEWNESS("skewness"),
  /** Fourth standardised moment less 3, which is 0 for a normal distribution; 0 for a constant. */
  KURTOSIS("kurtosis");

  private final String word;

  WindowStatistic(String word) {
    this.word = word;
  }

  /** The name in a task. */
  public String word() {
    return word;
  }
}
