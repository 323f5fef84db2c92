// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.quality;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;

/**
 * What a set came to, as it is kept beside the report, so that a later run of other sets leaves it.
 *
 * @param seconds how long it took
 * @param sites names, in the order of the matrices
 * @param drift [reference x compared] as {@link SiteDrift} tells it; no rows where it is not known
 */
record Measured(long seconds, List<String> sites, Bench.Result result, double[][] drift) {
  private static final String COLUMN = "column";
  private static final String BESIDE = "beside";
  private static final String MODEL_OF = "model of";
  private static final String DRIFT_FROM = "drift from";
  private static final String SECONDS = "seconds";

  /** Writes it down. */
  void write(Path file) throws IOException {
    StringBuilder text = new StringBuilder(SECONDS + "," + seconds + "\n");
    for (Column column : result.columns()) {
      StringJoiner line = new StringJoiner(",", "", "\n");
      line.add(COLUMN).add(column.name()).add(Integer.toString(column.configuration()));
      line.add(Double.toString(column.validation()));
      for (double value : column.values()) {
        line.add(Double.toString(value));
      }
      text.append(line);
      column
          .asides()
          .forEach(
              (name, value) ->
                  text.append(BESIDE + "," + column.name() + "," + name + "," + value + "\n"));
    }
    matrix(text, MODEL_OF, result.abroad());
    matrix(text, DRIFT_FROM, drift);
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.writeString(file, text);
  }

  private void matrix(StringBuilder text, String what, double[][] matrix) {
    for (int of = 0; of < matrix.length; of++) {
      StringJoiner line = new StringJoiner(",", "", "\n");
      line.add(what).add(sites.get(of));
      for (double value : matrix[of]) {
        line.add(Double.toString(value));
      }
      text.append(line);
    }
  }

  /** Reads it; empty if it was never written. */
  static Optional<Measured> read(Path file) throws IOException {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    long seconds = 0;
    List<Column> columns = new ArrayList<>();
    List<String> sites = new ArrayList<>();
    List<double[]> abroad = new ArrayList<>();
    List<double[]> drift = new ArrayList<>();
    for (String[] row : Csv.rows(file, Csv.COMMA)) {
      switch (row[0]) {
        case SECONDS -> seconds = Long.parseLong(row[1]);
        case COLUMN ->
            columns.add(
                new Column(
                    row[1],
                    Integer.parseInt(row[2]),
                    Double.parseDouble(row[3]),
                    numbers(row, 4),
                    new LinkedHashMap<>()));
        case BESIDE ->
            columns.get(columns.size() - 1).asides().put(row[2], Double.parseDouble(row[3]));
        case MODEL_OF -> {
          sites.add(row[1]);
          abroad.add(numbers(row, 2));
        }
        case DRIFT_FROM -> drift.add(numbers(row, 2));
        default -> throw new IOException(file + " has a line " + row[0]);
      }
    }
    return Optional.of(
        new Measured(
            seconds,
            sites,
            new Bench.Result(columns, abroad.toArray(double[][]::new)),
            drift.toArray(double[][]::new)));
  }

  private static double[] numbers(String[] row, int from) {
    double[] numbers = new double[row.length - from];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = Double.parseDouble(row[from + i]);
    }
    return numbers;
  }

  /** A column by name. */
  Optional<Column> column(String name) {
    return result.columns().stream().filter(each -> each.name().equals(name)).findFirst();
  }
}
