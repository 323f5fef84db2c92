// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.quality;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.fedwerk.api.data.Example;
import org.fedwerk.api.data.Schema;
import org.fedwerk.sim.baseline.SiteExamples;

/** Emissions of a gas turbine by year (Kaya et al. 2019, UCI 551). */
final class TurbineData implements DataSet {
  private static final int FIRST = 2011;
  private static final int LAST = 2015;

  /** One hour in so many is read. */
  private static final int EVERY = 4;

  private final String emission;

  /**
   * Learns one emission.
   *
   * @param emission its column
   */
  TurbineData(String emission) {
    this.emission = emission;
  }

  @Override
  public String folder() {
    return "gas-turbine";
  }

  @Override
  public String split() {
    return "five sites by year, each cut 60/20/20 in time; every fourth hour is read (in full: every"
        + " hour)";
  }

  @Override
  public List<SiteExamples> sites(Path folder, Schema schema, boolean full) throws IOException {
    int every = full ? 1 : EVERY;
    List<SiteExamples> sites = new ArrayList<>();
    for (int year = FIRST; year <= LAST; year++) {
      List<String[]> rows = Csv.rows(folder.resolve("gt_" + year + ".csv"), Csv.COMMA);
      String[] head = rows.get(0);
      int label = Csv.column(head, emission);
      List<Example> examples = new ArrayList<>();
      for (int hour = 1; hour < rows.size(); hour += every) {
        String[] row = rows.get(hour);
        float[] values = new float[schema.signals().size()];
        for (int i = 0; i < values.length; i++) {
          values[i] = Float.parseFloat(row[Csv.column(head, schema.signals().get(i).name())]);
        }
        examples.add(
            Rows.example(
                schema,
                year + "-" + hour,
                values,
                row[label],
                Rows.inTime(hour - 1, rows.size() - 1)));
      }
      sites.add(new SiteExamples("year-" + year, examples));
    }
    return sites;
  }
}
