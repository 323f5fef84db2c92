// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.codec.internal;

import java.util.Optional;
import org.fedwerk.api.learn.LayoutEntry;

/** The shape of an entry as a matrix: its first dimension by all others, row by row. */
record Matrix(int rows, int columns) {
  /** Empty if the entry has one dimension only. */
  static Optional<Matrix> of(LayoutEntry entry) {
    return entry.shape().length < 2 || entry.size() == 0
        ? Optional.empty()
        : Optional.of(new Matrix(entry.shape()[0], entry.size() / entry.shape()[0]));
  }

  /** Number of elements. */
  int size() {
    return rows * columns;
  }

  /** Number of elements of its factors. */
  long factorElements(int rank) {
    return (long) rank * ((long) rows + columns);
  }

  /** True if the factors have fewer elements. */
  boolean isWorth(int rank) {
    return factorElements(rank) < size();
  }
}
