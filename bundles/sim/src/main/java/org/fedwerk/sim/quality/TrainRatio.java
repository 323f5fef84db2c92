// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.quality;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How fast an architecture is trained.
 *
 * @param architecture by name
 * @param parameters of the network
 * @param ours samples per second by Fedwerk's engine, median
 * @param reference samples per second by the engine's own front end, median
 * @param ofProcessor the ratio if only the time is counted in which a process computes, which other
 *     work on the machine does not change
 */
record TrainRatio(
    String architecture, int parameters, double ours, double reference, double ofProcessor) {
  /** What is aimed at. */
  static final double LEAST = 0.8;

  /** The figure of an architecture. */
  static String figure(String architecture) {
    return TrainBench.SET + "." + architecture + ".ratio";
  }

  double ratio() {
    return ours / reference;
  }

  boolean isMet() {
    return ratio() >= LEAST;
  }

  /** Writes them down. */
  static void write(Path file, List<TrainRatio> all) throws IOException {
    StringBuilder text = new StringBuilder();
    for (TrainRatio each : all) {
      text.append(each.architecture + "," + each.parameters + ",");
      text.append(each.ours + "," + each.reference + "," + each.ofProcessor + "\n");
    }
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.writeString(file, text);
  }

  /** Reads them; none if they were never written. */
  static List<TrainRatio> read(Path file) throws IOException {
    List<TrainRatio> all = new ArrayList<>();
    if (Files.exists(file)) {
      for (String[] row : Csv.rows(file, Csv.COMMA)) {
        all.add(
            new TrainRatio(
                row[0],
                Integer.parseInt(row[1]),
                Double.parseDouble(row[2]),
                Double.parseDouble(row[3]),
                Double.parseDouble(row[4])));
      }
    }
    return all;
  }
}
