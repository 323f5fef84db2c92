// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.learn.internal;

import org.fedwerk.api.learn.DriftDetector;

/**
 * ADWIN whose window begins with the reference, so that the first change it finds is one against
 * it. It reads values from 0 to 1: four standard deviations of the reference below its mean are 0,
 * four above are 1, what lies outside is taken in.
 */
final class AdwinDetector implements DriftDetector {
  private static final double DEVIATIONS = 4;

  private final Adwin window;
  private final double from;
  private final double width;
  private Adwin.Cut most = Adwin.Cut.NONE;

  /**
   * Nothing has come.
   *
   * @param delta chance of a false cut
   * @param reference finite values, oldest first
   */
  AdwinDetector(double delta, double[] reference) {
    window = new Adwin(delta);
    double mean = mean(reference);
    double squares = 0;
    for (double value : reference) {
      squares += (value - mean) * (value - mean);
    }
    double deviation = reference.length == 0 ? 0 : Math.sqrt(squares / reference.length);
    // Of a constant signal any change is one.
    double unit = deviation > 0 ? deviation : Math.max(Math.abs(mean), 1) * 1e-6;
    from = mean - DEVIATIONS * unit;
    width = 2 * DEVIATIONS * unit;
    for (double value : reference) {
      var unused = window.add(scaled(value));
    }
  }

  private static double mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return values.length == 0 ? 0 : sum / values.length;
  }

  private double scaled(double value) {
    return Math.max(0, Math.min(1, (value - from) / width));
  }

  @Override
  public void add(double value) {
    if (Double.isFinite(value)) {
      Adwin.Cut cut = window.add(scaled(value));
      most = cut.difference() > most.difference() ? cut : most;
    }
  }

  @Override
  public Verdict judge() {
    Adwin.Cut judged = most;
    most = Adwin.Cut.NONE;
    return new Verdict(judged.difference(), judged.bound());
  }
}
