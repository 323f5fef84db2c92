// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.quality;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.fedwerk.api.data.Example;
import org.fedwerk.api.data.Schema;
import org.fedwerk.sim.baseline.SiteExamples;

/** Faults on the surface of steel plates by type of steel (Buscema 2010, UCI 198). */
final class SteelData implements DataSet {
  private static final int FEATURES = 27;
  private static final String A300 = "TypeOfSteel_A300";

  @Override
  public String folder() {
    return "steel-plates";
  }

  @Override
  public String split() {
    return "two sites by type of steel; of five plates of one fault three train, one validates, one"
        + " tests; nothing is left out";
  }

  @Override
  public List<SiteExamples> sites(Path folder, Schema schema, boolean full) throws IOException {
    List<String> names =
        Csv.rows(folder.resolve("Faults27x7_var"), Csv.BLANKS).stream().map(row -> row[0]).toList();
    int type = names.indexOf(A300);
    List<List<Example>> bySite = List.of(new ArrayList<>(), new ArrayList<>());
    int[][] seen = new int[bySite.size()][names.size()];
    int number = 0;
    for (String[] row : Csv.rows(folder.resolve("Faults.NNA"), Csv.BLANKS)) {
      number++;
      int site = row[type].equals("1") ? 0 : 1;
      int fault = FEATURES;
      while (!row[fault].equals("1")) {
        fault++;
      }
      float[] values = new float[schema.signals().size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = Float.parseFloat(row[names.indexOf(schema.signals().get(i).name())]);
      }
      bySite
          .get(site)
          .add(
              Rows.example(
                  schema,
                  "plate-" + number,
                  values,
                  names.get(fault),
                  Rows.inTurn(seen[site][fault]++)));
    }
    return List.of(
        new SiteExamples("a300", bySite.get(0)), new SiteExamples("a400", bySite.get(1)));
  }
}
