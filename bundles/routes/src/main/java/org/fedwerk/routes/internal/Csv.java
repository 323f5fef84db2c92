// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.routes.internal;

import java.util.ArrayList;
import java.util.List;

/** Comma-separated values as RFC 4180 has them. */
final class Csv {
  private final String text;
  private final List<Line> lines = new ArrayList<>();
  private final StringBuilder cell = new StringBuilder();
  private List<Cell> cells = new ArrayList<>();
  private boolean quoted;
  private int line = 1;
  private int began = 1;
  private int at;

  /**
   * A cell.
   *
   * @param quoted true if it stood in quotes, so that an empty one is an empty text
   */
  record Cell(String text, boolean quoted) {}

  /**
   * A line of values.
   *
   * @param number line of the file that it begins in, from 1
   */
  record Line(int number, List<Cell> cells) {}

  private Csv(String text) {
    this.text = text;
  }

  /** All lines that are not empty. */
  static List<Line> lines(String text) {
    Csv csv = new Csv(text);
    csv.parse();
    return csv.lines;
  }

  private void parse() {
    while (at < text.length()) {
      char c = text.charAt(at++);
      switch (c) {
        case '"' -> quoted();
        case ',' -> cellEnds();
        case '\r' -> {}
        case '\n' -> {
          lineEnds();
          line++;
          began = line;
        }
        default -> cell.append(c);
      }
    }
    lineEnds();
  }

  private void quoted() {
    quoted = true;
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c == '\n') {
        line++;
      }
      if (c != '"') {
        cell.append(c);
      } else if (at < text.length() && text.charAt(at) == '"') {
        cell.append(c);
        at++;
      } else {
        return;
      }
    }
    throw new IllegalArgumentException("line " + began + ": a quote is not closed");
  }

  private void cellEnds() {
    cells.add(new Cell(cell.toString(), quoted));
    cell.setLength(0);
    quoted = false;
  }

  private void lineEnds() {
    if (cells.isEmpty() && !quoted && cell.toString().isBlank()) {
      cell.setLength(0);
      return;
    }
    cellEnds();
    lines.add(new Line(began, List.copyOf(cells)));
    cells = new ArrayList<>();
  }
}
