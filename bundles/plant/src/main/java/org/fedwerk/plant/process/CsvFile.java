// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.plant.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.fedwerk.api.Refusal;
import org.fedwerk.api.RefusedException;

/** A CSV file with a heading, read row by row; every refusal says file, line and column. */
final class CsvFile implements AutoCloseable {
  private final String name;
  private final char delimiter;
  private final BufferedReader reader;
  private final List<String> heading;
  private List<String> row = List.of();
  private int line;

  CsvFile(Path file, char delimiter) throws RefusedException {
    name = file.getFileName().toString();
    this.delimiter = delimiter;
    try {
      reader = new BufferedReader(new InputStreamReader(open(file), StandardCharsets.UTF_8));
    } catch (IOException unreadable) {
      throw new RefusedException(
          file.toString(), "cannot be read (" + unreadable.getClass().getSimpleName() + ")");
    }
    try {
      if (!next()) {
        throw new RefusedException(name, "is empty; its first line names the columns");
      }
    } catch (RefusedException refused) {
      close();
      throw refused;
    }
    heading = row;
  }

  private static InputStream open(Path file) throws IOException {
    InputStream stream = Files.newInputStream(file);
    if (!file.getFileName().toString().endsWith(".gz")) {
      return stream;
    }
    try {
      return new GZIPInputStream(stream, 1 << 16);
    } catch (IOException noGzip) {
      stream.close();
      throw noGzip;
    }
  }

  /** Place of a column; refused if the heading lacks it. */
  int column(String wanted) throws RefusedException {
    int place = heading.indexOf(wanted);
    if (place < 0) {
      throw new RefusedException(
          List.of(new Refusal(name, 1, "column " + wanted + " is missing; there are " + heading)));
    }
    return place;
  }

  /** Goes to the next row that is not blank; false at the end. */
  boolean next() throws RefusedException {
    try {
      String text;
      do {
        text = reader.readLine();
        line++;
      } while (text != null && text.isBlank());
      if (text == null) {
        return false;
      }
      row = fields(text);
    } catch (IOException unreadable) {
      throw new RefusedException(
          List.of(new Refusal(name, line, "cannot be read on: " + unreadable.getMessage())));
    }
    if (line > 1 && row.size() != heading.size()) {
      throw new RefusedException(
          List.of(
              new Refusal(
                  name, line, "has " + row.size() + " fields, the heading has " + heading.size())));
    }
    return true;
  }

  private List<String> fields(String text) {
    List<String> fields = new ArrayList<>();
    StringBuilder field = new StringBuilder();
    boolean quoted = false;
    for (int k = 0; k < text.length(); k++) {
      char c = text.charAt(k);
      if (c == '"') {
        if (quoted && k + 1 < text.length() && text.charAt(k + 1) == '"') {
          field.append('"');
          k++;
        } else {
          quoted = !quoted;
        }
      } else if (c == delimiter && !quoted) {
        fields.add(field.toString().strip());
        field.setLength(0);
      } else {
        field.append(c);
      }
    }
    fields.add(field.toString().strip());
    return fields;
  }

  String text(int column) throws RefusedException {
    String text = row.get(column);
    if (text.isEmpty()) {
      throw refusal(column, "is empty");
    }
    return text;
  }

  /** The number in a column; NaN where the field is empty. */
  double number(int column) throws RefusedException {
    String text = row.get(column);
    if (text.isEmpty()) {
      return Double.NaN;
    }
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException notANumber) {
      throw refusal(column, "\"" + text + "\" is no number");
    }
  }

  RefusedException refusal(int column, String what) {
    return new RefusedException(
        List.of(new Refusal(name, line, "column " + heading.get(column) + ": " + what)));
  }

  @Override
  public void close() {
    try {
      reader.close();
    } catch (IOException ignored) {
      // Nothing was written, and all that is needed was read.
    }
  }
}
