// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.quality;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What coding came to, as it is kept beside the report.
 *
 * @param seconds how long it took
 * @param runs float32 first
 */
record Compressed(long seconds, List<CompressedRun> runs) {
  /** The figure of bytes. */
  static final String RATIO = "bytes-ratio";

  /** The figure of quality. */
  static final String LOSS = "metric-loss";

  /** Names of the methods that code, in their order. */
  List<String> methods() {
    return runs.stream()
        .map(CompressedRun::method)
        .filter(name -> !name.equals(CompressBench.FLOAT32))
        .distinct()
        .toList();
  }

  /** Runs of a method, by seed. */
  List<CompressedRun> of(String method) {
    return runs.stream().filter(run -> run.method().equals(method)).toList();
  }

  /**
   * Bytes of float32 over bytes of a method, mean over seeds; a seed in which one of both never
   * stayed at the bound counts 0.
   */
  double ratio(String method) {
    List<CompressedRun> plain = of(CompressBench.FLOAT32);
    List<CompressedRun> coded = of(method);
    double sum = 0;
    for (int seed = 0; seed < coded.size(); seed++) {
      boolean both = plain.get(seed).round() > 0 && coded.get(seed).round() > 0;
      sum += both ? (double) plain.get(seed).bytes() / coded.get(seed).bytes() : 0;
    }
    return sum / coded.size();
  }

  /** How much worse than float32 a method's models are on test parts, mean over seeds. */
  double loss(String method) {
    return test(CompressBench.FLOAT32) - test(method);
  }

  private double test(String method) {
    return of(method).stream().mapToDouble(CompressedRun::test).average().orElse(Double.NaN);
  }

  /** Writes it down. */
  void write(Path file) throws IOException {
    StringBuilder text = new StringBuilder("seconds," + seconds + "\n");
    for (CompressedRun run : runs) {
      text.append("run,")
          .append(run.method() + "," + run.configuration() + "," + run.validation() + ",")
          .append(run.seed() + "," + run.test() + "," + run.least() + ",")
          .append(run.round() + "," + run.bytes() + ",")
          .append(run.rounds() + "," + run.bytesInAll() + "\n");
    }
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.writeString(file, text);
  }

  /** Reads it; empty if it was never written. */
  static Optional<Compressed> read(Path file) throws IOException {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    long seconds = 0;
    List<CompressedRun> runs = new ArrayList<>();
    for (String[] row : Csv.rows(file, Csv.COMMA)) {
      if (row[0].equals("seconds")) {
        seconds = Long.parseLong(row[1]);
      } else {
        runs.add(
            new CompressedRun(
                row[1],
                Integer.parseInt(row[2]),
                Double.parseDouble(row[3]),
                Integer.parseInt(row[4]),
                Double.parseDouble(row[5]),
                Double.parseDouble(row[6]),
                Integer.parseInt(row[7]),
                Long.parseLong(row[8]),
                Integer.parseInt(row[9]),
                Long.parseLong(row[10])));
      }
    }
    return Optional.of(new Compressed(seconds, runs));
  }
}
