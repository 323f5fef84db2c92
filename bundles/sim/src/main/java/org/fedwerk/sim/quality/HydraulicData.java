// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.quality;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.fedwerk.api.data.DataRole;
import org.fedwerk.api.data.Derivation;
import org.fedwerk.api.data.Example;
import org.fedwerk.api.data.Part;
import org.fedwerk.api.data.PartData;
import org.fedwerk.api.data.Schema;
import org.fedwerk.api.data.Series;
import org.fedwerk.api.data.Tensor;
import org.fedwerk.sim.baseline.SiteExamples;
import org.fedwerk.window.internal.SchemaDerivation;

/** Load cycles of hydraulic test rigs at three levels of the cooler (ZeMA). */
final class HydraulicData implements DataSet {
  private static final List<String> SITES = List.of("cooler-003", "cooler-020", "cooler-100");

  private static final int SECONDS = 60;

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
    Map<String, float[]> inputs = inputs(folder.resolve(site + ".csv.gz"), schema);
    List<String[]> labels = Csv.rows(folder.resolve(site + "-labels.csv"), Csv.COMMA);
    String[] head = labels.get(0);
    int cycle = Csv.column(head, "cycle");
    int label = Csv.column(head, column);
    int role = Csv.column(head, "role");
    List<Example> examples = new ArrayList<>();
    for (String[] row : labels.subList(1, labels.size())) {
      float[] input = inputs.get(row[cycle]);
      if (input == null) {
        throw new IOException(site + " has no cycle " + row[cycle]);
      }
      DataRole part = DataRole.valueOf(row[role].toUpperCase(Locale.ROOT));
      examples.add(Rows.example(schema, row[cycle], input, "c" + row[label], part));
    }
    return examples;
  }

  /** What the schema derives of each cycle. */
  private static Map<String, float[]> inputs(Path file, Schema schema) throws IOException {
    List<String[]> rows = Csv.rows(file, Csv.COMMA);
    String[] head = rows.get(0);
    int[] columns = new int[schema.signals().size()];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = Csv.column(head, schema.signals().get(i).name());
    }
    int cycle = Csv.column(head, "cycle");
    int second = Csv.column(head, "second");
    Map<String, double[][]> cycles = new LinkedHashMap<>();
    for (String[] row : rows.subList(1, rows.size())) {
      double[][] values =
          cycles.computeIfAbsent(row[cycle], each -> new double[columns.length][SECONDS]);
      for (int i = 0; i < columns.length; i++) {
        values[i][Integer.parseInt(row[second])] = Double.parseDouble(row[columns[i]]);
      }
    }
    Map<String, float[]> inputs = new HashMap<>();
    for (Map.Entry<String, double[][]> each : cycles.entrySet()) {
      Derivation.Result derived =
          new SchemaDerivation().derive(schema, part(schema, each.getKey(), each.getValue()));
      Tensor input = derived.window().orElseThrow(() -> new IOException(derived.reason()));
      inputs.put(each.getKey(), input.values());
    }
    return inputs;
  }

  private static PartData part(Schema schema, String serial, double[][] values) {
    long[] times = LongStream.range(0, SECONDS).map(TimeUnit.SECONDS::toNanos).toArray();
    Map<String, Series> series = new HashMap<>();
    for (int i = 0; i < values.length; i++) {
      series.put(schema.signals().get(i).name(), new Series(times, values[i]));
    }
    Part part = new Part(serial, 0, Instant.EPOCH, Instant.EPOCH.plusSeconds(SECONDS));
    return new PartData(part, series, false);
  }
}
