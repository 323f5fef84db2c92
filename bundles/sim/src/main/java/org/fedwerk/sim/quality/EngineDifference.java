// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.quality;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How far two engines are apart on an architecture.
 *
 * @param architecture by name
 * @param parameters of the network
 * @param logits largest absolute difference of outputs before softmax
 * @param update norm of the difference of both updates after an epoch, over that of an update
 */
record EngineDifference(String architecture, int parameters, double logits, double update) {
  /** What the logits may differ. */
  static final double MOST_OF_LOGITS = 1e-4;

  /** What the updates may differ. */
  static final double MOST_OF_UPDATES = 1e-2;

  /** The figure of the logits. */
  String logitsFigure() {
    return EngineBench.SET + "." + architecture + ".logits-difference";
  }

  /** The figure of the updates. */
  String updateFigure() {
    return EngineBench.SET + "." + architecture + ".update-difference";
  }

  boolean isWithin() {
    return logits <= MOST_OF_LOGITS && update <= MOST_OF_UPDATES;
  }

  /** Writes them down. */
  static void write(Path file, List<EngineDifference> all) throws IOException {
    StringBuilder text = new StringBuilder();
    for (EngineDifference each : all) {
      text.append(each.architecture + "," + each.parameters + ",");
      text.append(each.logits + "," + each.update + "\n");
    }
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.writeString(file, text);
  }

  /** Reads them; none if they were never written. */
  static List<EngineDifference> read(Path file) throws IOException {
    List<EngineDifference> all = new ArrayList<>();
    if (Files.exists(file)) {
      for (String[] row : Csv.rows(file, Csv.COMMA)) {
        all.add(
            new EngineDifference(
                row[0],
                Integer.parseInt(row[1]),
                Double.parseDouble(row[2]),
                Double.parseDouble(row[3])));
      }
    }
    return all;
  }
}
