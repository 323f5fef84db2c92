// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.quality;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/** Tables of text as the data sets have them; unpacked if the name ends in {@code .gz}. */
final class Csv {
  static final Pattern COMMA = Pattern.compile(",");
  static final Pattern BLANKS = Pattern.compile("\\s+");

  private Csv() {}

  /** The fields of each line that is not blank, the head included if there is one. */
  static List<String[]> rows(Path file, Pattern between) throws IOException {
    List<String[]> rows = new ArrayList<>();
    try (InputStream bytes = Files.newInputStream(file);
        BufferedReader lines =
            new BufferedReader(
                new InputStreamReader(
                    file.toString().endsWith(".gz") ? new GZIPInputStream(bytes) : bytes,
                    StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.isBlank()) {
          rows.add(between.split(line.strip()));
        }
      }
    }
    return rows;
  }

  /** The column of a name; blanks around names say nothing. */
  static int column(String[] head, String name) throws IOException {
    for (int i = 0; i < head.length; i++) {
      if (head[i].strip().equals(name)) {
        return i;
      }
    }
    throw new IOException("there is no column " + name + " in " + String.join(",", head));
  }
}
