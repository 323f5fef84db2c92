// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.quality;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The process's resident memory during a long training.
 *
 * @param steps of the training
 * @param slope in MB per 1000 steps over its last 80 %
 * @param first in MB, where these begin
 * @param last in MB, in the end
 */
record TrainMemory(int steps, double slope, double first, double last) {
  static final String FIGURE = TrainBench.SET + ".memory-slope";

  /** What the slope may be. */
  static final double MOST = 1;

  boolean isMet() {
    return slope < MOST;
  }

  /** Writes it down. */
  void write(Path file) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.writeString(file, steps + "," + slope + "," + first + "," + last + "\n");
  }

  /** Reads it; empty if it was never written. */
  static Optional<TrainMemory> read(Path file) throws IOException {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    String[] row = Csv.rows(file, Csv.COMMA).get(0);
    return Optional.of(
        new TrainMemory(
            Integer.parseInt(row[0]),
            Double.parseDouble(row[1]),
            Double.parseDouble(row[2]),
            Double.parseDouble(row[3])));
  }
}
