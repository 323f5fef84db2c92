// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.quality;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.fedwerk.api.learn.TrainingProgress;

/** Reads the process's resident memory in the course of a training. */
final class ResidentMemory implements TrainingProgress {
  /** Where Linux tells of a process. */
  static final Path STATUS = Path.of("/proc/self/status");

  private static final String RESIDENT = "VmRSS:";
  private static final int EVERY = 50;
  private static final double STEPS = 1000;

  /** Of the steps, these first ones are no part of the slope. */
  private static final double WARM_UP = 0.2;

  private final Path status;
  private final List<double[]> samples = new ArrayList<>();
  private int total;

  /**
   * Over a file.
   *
   * @param status as Linux writes it
   */
  ResidentMemory(Path status) {
    this.status = status;
  }

  @Override
  public boolean step(int done, int of) {
    total = of;
    if (done % EVERY == 0 && done >= WARM_UP * of) {
      try {
        samples.add(new double[] {done / STEPS, megabytes(status)});
      } catch (IOException broken) {
        throw new UncheckedIOException(broken);
      }
    }
    return true;
  }

  /** What the training came to. */
  TrainMemory measured() {
    double last = samples.get(samples.size() - 1)[1];
    return new TrainMemory(total, slope(samples), samples.get(0)[1], last);
  }

  /** Resident memory in MB, of a million bytes. */
  static double megabytes(Path status) throws IOException {
    for (String line : Files.readAllLines(status)) {
      if (line.startsWith(RESIDENT)) {
        String[] words = Csv.BLANKS.split(line.substring(RESIDENT.length()).strip());
        return Long.parseLong(words[0]) * 1024 / 1e6;
      }
    }
    throw new IOException(status + " has no line " + RESIDENT);
  }

  /**
   * Of the line with the least squares of errors.
   *
   * @param points x and y each
   */
  static double slope(List<double[]> points) {
    double meanX = points.stream().mapToDouble(point -> point[0]).average().orElseThrow();
    double meanY = points.stream().mapToDouble(point -> point[1]).average().orElseThrow();
    double both = 0;
    double square = 0;
    for (double[] point : points) {
      both += (point[0] - meanX) * (point[1] - meanY);
      square += (point[0] - meanX) * (point[0] - meanX);
    }
    return both / square;
  }
}
