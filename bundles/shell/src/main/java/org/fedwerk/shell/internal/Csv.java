// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.shell.internal;

import java.io.PrintStream;
import java.util.List;
import java.util.stream.Collectors;

/** Records of comma-separated values as RFC 4180 has them: lines end in CR LF. */
final class Csv {
  private final PrintStream out;

  Csv(PrintStream out) {
    this.out = out;
  }

  /** Prints one record. */
  void record(List<String> fields) {
    out.print(fields.stream().map(Csv::field).collect(Collectors.joining(",")) + "\r\n");
  }

  private static String field(String text) {
    boolean plain = text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n');
    return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
  }
}
