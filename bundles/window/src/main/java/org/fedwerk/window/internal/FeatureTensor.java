// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.window.internal;

import java.util.List;
import org.fedwerk.api.data.Tensor;
import org.fedwerk.api.data.WindowFeatures;
import org.fedwerk.api.data.WindowStatistic;

/** Features of a window, signal by signal. */
final class FeatureTensor {
  private FeatureTensor() {}

  /**
   * What a model sees of a window.
   *
   * @param window [signals x steps], NaN where missing
   * @return [signals x columns], NaN where nothing can be said
   */
  static Tensor of(WindowFeatures features, Tensor window) {
    if (features.equals(WindowFeatures.NONE)) {
      return window;
    }
    int signals = window.shape()[0];
    int steps = window.shape()[1];
    int columns = features.columns(steps);
    float[] values = new float[Math.multiplyExact(signals, columns)];
    for (int signal = 0; signal < signals; signal++) {
      double[] series = differences(window.values(), signal * steps, steps, features.difference());
      double[] row = features.keepsSteps() ? series : row(features, series);
      for (int column = 0; column < columns; column++) {
        values[signal * columns + column] = (float) row[column];
      }
    }
    return new Tensor(new int[] {signals, columns}, values);
  }

  /** A difference is there if both its values are. */
  private static double[] differences(float[] values, int offset, int steps, int apart) {
    double[] series = new double[steps - apart];
    for (int k = 0; k < series.length; k++) {
      double value = values[offset + k + apart];
      series[k] = apart == 0 ? value : value - values[offset + k];
    }
    return series;
  }

  private static double[] row(WindowFeatures features, double[] series) {
    List<WindowStatistic> statistics = features.statistics();
    double[] row = new double[features.bands() + statistics.size()];
    Moments moments = new Moments(series);
    if (features.bands() > 0) {
      double[] amplitudes = Spectrum.amplitudes(centred(series, moments.mean()));
      System.arraycopy(Spectrum.bands(amplitudes, features.bands()), 0, row, 0, features.bands());
    }
    for (int i = 0; i < statistics.size(); i++) {
      row[features.bands() + i] = moments.of(statistics.get(i));
    }
    return row;
  }

  /** A value that is not there becomes the mean of the others, so that it adds no amplitude. */
  private static double[] centred(double[] series, double mean) {
    double[] centred = new double[series.length];
    for (int k = 0; k < series.length; k++) {
      centred[k] = Double.isNaN(series[k]) && !Double.isNaN(mean) ? 0 : series[k] - mean;
    }
    return centred;
  }
}
