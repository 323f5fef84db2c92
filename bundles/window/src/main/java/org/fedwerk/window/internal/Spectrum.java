// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.window.internal;

/**
 * Amplitudes of the discrete Fourier transform of a real series of any length, by Bluestein's chirp
 * transform over transforms of a power of two (Bluestein 1970, A linear filtering approach to the
 * computation of the discrete Fourier transform). In StrictMath, so that all machines agree.
 */
final class Spectrum {
  private Spectrum() {}

  /**
   * Amplitudes of frequency 1 to length / 2, in cycles per series: 2 / length times the magnitude,
   * at half the length 1 / length times, so that a sine of amplitude A gives A.
   */
  static double[] amplitudes(double[] series) {
    int length = series.length;
    double[] chirpRe = new double[length];
    double[] chirpIm = new double[length];
    for (int k = 0; k < length; k++) {
      // The square modulo 2 length keeps the angle small and so exact.
      double angle = StrictMath.PI * ((long) k * k % (2L * length)) / length;
      chirpRe[k] = StrictMath.cos(angle);
      chirpIm[k] = StrictMath.sin(angle);
    }
    int padded = Integer.highestOneBit(Math.max(1, 2 * length - 1) * 2 - 1);
    double[] re = new double[padded];
    double[] im = new double[padded];
    double[] filterRe = new double[padded];
    double[] filterIm = new double[padded];
    for (int k = 0; k < length; k++) {
      re[k] = series[k] * chirpRe[k];
      im[k] = -series[k] * chirpIm[k];
      filterRe[k] = chirpRe[k];
      filterIm[k] = chirpIm[k];
      if (k > 0) {
        filterRe[padded - k] = chirpRe[k];
        filterIm[padded - k] = chirpIm[k];
      }
    }
    transform(re, im);
    transform(filterRe, filterIm);
    for (int i = 0; i < padded; i++) {
      double product = re[i] * filterRe[i] - im[i] * filterIm[i];
      // The conjugate makes the next transform the inverse one, but for the factor 1 / padded.
      im[i] = -(re[i] * filterIm[i] + im[i] * filterRe[i]);
      re[i] = product;
    }
    transform(re, im);
    double[] amplitudes = new double[length / 2];
    for (int k = 1; k <= length / 2; k++) {
      double factor = (2 * k == length ? 1.0 : 2.0) / length / padded;
      // The chirp that is left has magnitude 1.
      amplitudes[k - 1] = factor * StrictMath.hypot(re[k], im[k]);
    }
    return amplitudes;
  }

  /** In place, of a power of two (Cooley and Tukey 1965). */
  private static void transform(double[] re, double[] im) {
    int length = re.length;
    for (int i = 1, j = 0; i < length; i++) {
      int bit = length >> 1;
      for (; (j & bit) != 0; bit >>= 1) {
        j ^= bit;
      }
      j ^= bit;
      if (i < j) {
        swap(re, i, j);
        swap(im, i, j);
      }
    }
    for (int half = 1; half < length; half *= 2) {
      for (int k = 0; k < half; k++) {
        double angle = -StrictMath.PI * k / half;
        double wRe = StrictMath.cos(angle);
        double wIm = StrictMath.sin(angle);
        for (int i = k; i < length; i += 2 * half) {
          int j = i + half;
          double tRe = re[j] * wRe - im[j] * wIm;
          double tIm = re[j] * wIm + im[j] * wRe;
          re[j] = re[i] - tRe;
          im[j] = im[i] - tIm;
          re[i] += tRe;
          im[i] += tIm;
        }
      }
    }
  }

  private static void swap(double[] values, int i, int j) {
    double kept = values[i];
    values[i] = values[j];
    values[j] = kept;
  }

  /**
   * Means of bands of equal width.
   *
   * @param bands at most as many as there are amplitudes
   */
  static double[] bands(double[] amplitudes, int bands) {
    double[] sums = new double[bands];
    int[] counts = new int[bands];
    for (int k = 0; k < amplitudes.length; k++) {
      int band = (int) ((long) k * bands / amplitudes.length);
      sums[band] += amplitudes[k];
      counts[band]++;
    }
    for (int band = 0; band < bands; band++) {
      sums[band] /= counts[band];
    }
    return sums;
  }
}
