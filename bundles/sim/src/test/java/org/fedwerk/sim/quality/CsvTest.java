// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.quality;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvTest {
  @Test
  void blankLinesAndBlanksAroundNamesSayNothing(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("a.csv"), "AT,AFDP ,NOX\n\n4.5,3.5,81.9\n");
    List<String[]> rows = Csv.rows(file, Pattern.compile(","));
    assertEquals(2, rows.size());
    assertArrayEquals(new String[] {"4.5", "3.5", "81.9"}, rows.get(1));
    assertEquals(1, Csv.column(rows.get(0), "AFDP"));
    IOException missing = assertThrows(IOException.class, () -> Csv.column(rows.get(0), "CO"));
    assertTrue(missing.getMessage().startsWith("there is no column CO in "), missing.getMessage());
  }
}
