// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.shell.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.karaf.shell.support.table.ShellTable;
import org.jspecify.annotations.Nullable;

/**
 * Rows that print as a table for people or as one line of JSON, an array of objects, for programs.
 */
final class Listing {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String nothing;
  private final List<String> columns;
  private final List<Map<String, @Nullable Object>> rows = new ArrayList<>();

  /**
   * A listing.
   *
   * @param nothing what to tell people if there is no row
   * @param columns shown to people; a row's other values are in JSON only
   */
  Listing(String nothing, String... columns) {
    this.nothing = nothing;
    this.columns = List.of(columns);
  }

  /** Adds a row and returns it, to be filled. */
  Row row() {
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    rows.add(row);
    return new Row(row);
  }

  /** A row under construction. */
  record Row(Map<String, @Nullable Object> values) {
    Row put(String column, @Nullable Object value) {
      boolean finite = !(value instanceof Double number) || Double.isFinite(number);
      values.put(column, finite ? value : null);
      return this;
    }
  }

  /**
   * Prints everything.
   *
   * @param json true for programs
   */
  void print(PrintStream out, boolean json) {
    if (json) {
      out.println(json());
      return;
    }
    ShellTable table = new ShellTable().emptyTableText(nothing);
    columns.forEach(table::column);
    for (Map<String, @Nullable Object> row : rows) {
      table.addRow().addContent(columns.stream().map(name -> text(row.get(name))).toArray());
    }
    table.print(out);
  }

  private static String text(@Nullable Object value) {
    if (value == null) {
      return "";
    }
    String text = value.toString();
    if (value instanceof Double number) {
      text = String.format(Locale.ROOT, "%.4g", number);
    } else if (value instanceof Map<?, ?> map) {
      text =
          map.entrySet().stream()
              .map(each -> each.getKey() + ": " + each.getValue())
              .collect(Collectors.joining(", "));
    }
    return plain(text.replaceAll("\\R", "; "));
  }

  /** Texts come from machines and other sites; none may steer the operator's terminal. */
  static String plain(String text) {
    return text.replaceAll("\\p{Cntrl}", " ");
  }

  private String json() {
    try {
      return JSON.writeValueAsString(rows);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(
          "maps of plain values could not be written as JSON", impossible);
    }
  }
}
