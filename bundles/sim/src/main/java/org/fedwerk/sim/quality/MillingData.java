// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.quality;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.fedwerk.api.data.Example;
import org.fedwerk.api.data.Schema;
import org.fedwerk.sim.baseline.SiteExamples;

/** Failures of a synthetic milling process by product variant (Matzka 2020, UCI 601). */
final class MillingData implements DataSet {
  private static final Map<String, Integer> COLUMNS =
      Map.of("air", 3, "process", 4, "speed", 5, "torque", 6, "wear", 7);
  private static final int TYPE = 2;
  private static final int FAILURE = 8;

  /** Parts in a row that have one role, for neighbours are alike. */
  private static final int BLOCK = 20;

  @Override
  public String folder() {
    return "ai4i2020";
  }

  @Override
  public String split() {
    return "three sites by product variant L, M, H; of five blocks of "
        + BLOCK
        + " parts three train, one validates, one tests; nothing is left out";
  }

  @Override
  public List<SiteExamples> sites(Path folder, Schema schema, boolean full) throws IOException {
    Map<String, List<Example>> bySite = new LinkedHashMap<>();
    List.of("L", "M", "H").forEach(type -> bySite.put(type, new ArrayList<>()));
    List<String[]> rows = Csv.rows(folder.resolve("ai4i2020.csv"), Csv.COMMA);
    for (String[] row : rows.subList(1, rows.size())) {
      List<Example> site = bySite.get(row[TYPE]);
      if (site == null) {
        throw new IOException("part " + row[0] + " is of the unknown type " + row[TYPE]);
      }
      float[] values = new float[schema.signals().size()];
      for (int i = 0; i < values.length; i++) {
        Integer column = COLUMNS.get(schema.signals().get(i).name());
        if (column == null) {
          throw new IOException("there is no signal " + schema.signals().get(i).name());
        }
        values[i] = Float.parseFloat(row[column]);
      }
      String label = row[FAILURE].equals("1") ? "failure" : "ok";
      site.add(Rows.example(schema, row[0], values, label, Rows.inTurn(site.size() / BLOCK)));
    }
    List<SiteExamples> sites = new ArrayList<>();
    bySite.forEach(
        (type, examples) ->
            sites.add(new SiteExamples("variant-" + type.toLowerCase(Locale.ROOT), examples)));
    return sites;
  }
}
