// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.codec.internal;

import java.util.ArrayList;
import java.util.List;

/**
 * A matrix M as the product of two thin ones, M ~ P Q', with the columns of P orthonormal and Q =
 * M' P, so that what is left out, M - P P' M, is never larger than M. Subspace iteration from drawn
 * columns (Halko, Martinsson and Tropp 2011, algorithm 4.4), of which PowerSGD makes one step per
 * step of training (Vogels et al. 2019, algorithm 1). All in float64 and in one order, so the same
 * draws give the same factors on every machine.
 *
 * @param left columns of P, each as long as the matrix has rows
 * @param right columns of Q, each as long as the matrix has columns
 */
record Factors(List<double[]> left, List<double[]> right) {
  /** What a step of more would change of an update is below what int8 rounds away. */
  private static final int STEPS = 4;

  /** A column of which no more is left than that lies in those before it. */
  private static final double NOTHING = 1e-9;

  /**
   * Factors of a matrix.
   *
   * @param values finite, row by row
   * @param rank most columns; there are fewer where the matrix has a lower rank
   */
  static Factors of(float[] values, Matrix shape, int rank, Draws draws) {
    List<double[]> right = drawn(shape.columns(), rank, draws);
    List<double[]> left = List.of();
    for (int step = 0; step < STEPS; step++) {
      left = orthonormal(times(values, shape, right));
      right = transposedTimes(values, shape, left);
    }
    return new Factors(left, right);
  }

  /** Uniform in [-1, 1), one column after the other. */
  private static List<double[]> drawn(int length, int count, Draws draws) {
    List<double[]> columns = new ArrayList<>();
    for (int c = 0; c < count; c++) {
      double[] column = new double[length];
      for (int i = 0; i < length; i++) {
        column[i] = 2.0 * draws.next() - 1;
      }
      columns.add(column);
    }
    return columns;
  }

  private static List<double[]> times(float[] values, Matrix shape, List<double[]> by) {
    List<double[]> product = new ArrayList<>();
    for (double[] column : by) {
      double[] result = new double[shape.rows()];
      for (int i = 0; i < result.length; i++) {
        int row = i * shape.columns();
        for (int j = 0; j < column.length; j++) {
          result[i] += values[row + j] * column[j];
        }
      }
      product.add(result);
    }
    return product;
  }

  private static List<double[]> transposedTimes(float[] values, Matrix shape, List<double[]> by) {
    List<double[]> product = new ArrayList<>();
    for (double[] column : by) {
      double[] result = new double[shape.columns()];
      for (int i = 0; i < column.length; i++) {
        int row = i * shape.columns();
        for (int j = 0; j < result.length; j++) {
          result[j] += values[row + j] * column[i];
        }
      }
      product.add(result);
    }
    return product;
  }

  /** Gram and Schmidt, each twice, which is enough for float64; what is dependent is left out. */
  private static List<double[]> orthonormal(List<double[]> columns) {
    List<double[]> kept = new ArrayList<>();
    for (double[] column : columns) {
      double before = Math.sqrt(dot(column, column));
      for (int pass = 0; pass < 2; pass++) {
        for (double[] other : kept) {
          double part = dot(column, other);
          for (int i = 0; i < column.length; i++) {
            column[i] -= part * other[i];
          }
        }
      }
      double norm = Math.sqrt(dot(column, column));
      if (norm > NOTHING * before) {
        for (int i = 0; i < column.length; i++) {
          column[i] /= norm;
        }
        kept.add(column);
      }
    }
    return kept;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
