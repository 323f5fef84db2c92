// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.quality;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.fedwerk.api.data.DataRole;
import org.fedwerk.api.data.Example;
import org.fedwerk.api.data.Schema;
import org.fedwerk.sim.baseline.SiteExamples;

/** Load cycles of hydraulic test rigs at three levels of the cooler (ZeMA). */
final class HydraulicData implements DataSet {
  private static final List<String> SITES = List.of("cooler-003", "cooler-020", "cooler-100");

  private final String column;

  /**
   * Learns one column of the labels.
   *
   * @param column name in the labels' files; the task's classes are c and its values
   */
  HydraulicData(String column) {
    this.column = column;
  }

  @Override
  public String folder() {
    return "hydraulic";
  }

  @Override
  public String split() {
    return "three sites by level of the cooler; parts by the labels' column `role`, which holds whole"
        + " runs out; nothing is left out";
  }

  @Override
  public List<SiteExamples> sites(Path folder, Schema schema, boolean full) throws IOException {
    List<SiteExamples> sites = new ArrayList<>();
    for (String site : SITES) {
      sites.add(new SiteExamples(site, examples(folder, site, schema)));
    }
    return sites;
  }

  private List<Example> examples(Path folder, String site, Schema schema) throws IOException {
    Map<String, float[]> windows = windows(folder.resolve(site + ".csv.gz"), schema);
    List<String[]> labels = Csv.rows(folder.resolve(site + "-labels.csv"), Csv.COMMA);
    String[] head = labels.get(0);
    int cycle = Csv.column(head, "cycle");
    int label = Csv.column(head, column);
    int role = Csv.column(head, "role");
    List<Example> examples = new ArrayList<>();
    for (String[] row : labels.subList(1, labels.size())) {
      float[] window = windows.get(row[cycle]);
      if (window == null) {
        throw new IOException(site + " has no cycle " + row[cycle]);
      }
      DataRole part = DataRole.valueOf(row[role].toUpperCase(Locale.ROOT));
      examples.add(Rows.example(schema, row[cycle], window, "c" + row[label], part));
    }
    return examples;
  }

  private static Map<String, float[]> windows(Path file, Schema schema) throws IOException {
    List<String[]> rows = Csv.rows(file, Csv.COMMA);
    String[] head = rows.get(0);
    int signals = schema.signals().size();
    int steps = schema.window().steps();
    int[] columns = new int[signals];
    for (int i = 0; i < signals; i++) {
      columns[i] = Csv.column(head, schema.signals().get(i).name());
    }
    int cycle = Csv.column(head, "cycle");
    int second = Csv.column(head, "second");
    Map<String, float[]> windows = new HashMap<>();
    for (String[] row : rows.subList(1, rows.size())) {
      float[] window = windows.computeIfAbsent(row[cycle], c -> new float[signals * steps]);
      int step = Integer.parseInt(row[second]);
      for (int i = 0; i < signals; i++) {
        window[i * steps + step] = Float.parseFloat(row[columns[i]]);
      }
    }
    return windows;
  }
}
