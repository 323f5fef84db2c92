// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.quality;

import org.fedwerk.api.learn.LabelledInputs;

/**
 * Linear discriminant analysis (Hastie, Tibshirani and Friedman 2009, section 4.3): classes are
 * normal with one covariance. A thousandth of the mean variance is added to each variance, so that
 * inputs that depend on each other do no harm.
 */
final class LinearDiscriminant {
  private static final double RIDGE = 1e-3;

  private final int width;
  private final int classes;
  private final double[][] weights;
  private final double[] offsets;

  private LinearDiscriminant(int width, int classes) {
    this.width = width;
    this.classes = classes;
    this.weights = new double[classes][];
    this.offsets = new double[classes];
  }

  /** Fits to inputs of one class each; a class that does not occur is never predicted. */
  static LinearDiscriminant fit(LabelledInputs inputs, int classes) {
    int width = inputs.values().length / inputs.count();
    LinearDiscriminant fitted = new LinearDiscriminant(width, classes);
    double[][] mean = new double[classes][width];
    int[] counts = new int[classes];
    for (int n = 0; n < inputs.count(); n++) {
      int k = inputs.classes()[n];
      counts[k]++;
      for (int i = 0; i < width; i++) {
        mean[k][i] += inputs.values()[n * width + i];
      }
    }
    for (int k = 0; k < classes; k++) {
      for (int i = 0; i < width && counts[k] > 0; i++) {
        mean[k][i] /= counts[k];
      }
    }
    double[][] factor = cholesky(covariance(inputs, width, mean));
    for (int k = 0; k < classes; k++) {
      double[] weight = solve(factor, mean[k]);
      double half = 0;
      for (int i = 0; i < width; i++) {
        half += weight[i] * mean[k][i] / 2;
      }
      fitted.weights[k] = weight;
      fitted.offsets[k] =
          counts[k] == 0
              ? Double.NEGATIVE_INFINITY
              : Math.log((double) counts[k] / inputs.count()) - half;
    }
    return fitted;
  }

  private static double[][] covariance(LabelledInputs inputs, int width, double[][] mean) {
    double[][] covariance = new double[width][width];
    double[] away = new double[width];
    for (int n = 0; n < inputs.count(); n++) {
      for (int i = 0; i < width; i++) {
        away[i] = inputs.values()[n * width + i] - mean[inputs.classes()[n]][i];
      }
      for (int i = 0; i < width; i++) {
        for (int j = 0; j <= i; j++) {
          covariance[i][j] += away[i] * away[j] / inputs.count();
        }
      }
    }
    double trace = 0;
    for (int i = 0; i < width; i++) {
      trace += covariance[i][i];
    }
    for (int i = 0; i < width; i++) {
      covariance[i][i] += RIDGE * trace / width;
    }
    return covariance;
  }

  /** The lower factor, in place. */
  private static double[][] cholesky(double[][] a) {
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j <= i; j++) {
        double sum = a[i][j];
        for (int k = 0; k < j; k++) {
          sum -= a[i][k] * a[j][k];
        }
        a[i][j] = i == j ? Math.sqrt(sum) : sum / a[j][j];
      }
    }
    return a;
  }

  private static double[] solve(double[][] factor, double[] right) {
    double[] x = right.clone();
    for (int i = 0; i < x.length; i++) {
      for (int k = 0; k < i; k++) {
        x[i] -= factor[i][k] * x[k];
      }
      x[i] /= factor[i][i];
    }
    for (int i = x.length - 1; i >= 0; i--) {
      for (int k = i + 1; k < x.length; k++) {
        x[i] -= factor[k][i] * x[k];
      }
      x[i] /= factor[i][i];
    }
    return x;
  }

  /** One for the class of each input, else zero [n x classes]. */
  float[] predict(LabelledInputs inputs) {
    float[] ones = new float[inputs.count() * classes];
    for (int n = 0; n < inputs.count(); n++) {
      int best = 0;
      double most = Double.NEGATIVE_INFINITY;
      for (int k = 0; k < classes; k++) {
        double score = offsets[k];
        for (int i = 0; i < width; i++) {
          score += weights[k][i] * inputs.values()[n * width + i];
        }
        if (score > most) {
          most = score;
          best = k;
        }
      }
      ones[n * classes + best] = 1;
    }
    return ones;
  }
}
