// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.quality;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.fedwerk.api.data.DataRole;
import org.fedwerk.api.data.Example;
import org.fedwerk.api.data.Schema;
import org.fedwerk.sim.baseline.SiteExamples;

/**
 * Remaining life of turbofans in NASA's C-MAPSS (Saxena et al. 2008), from windows of the last
 * cycles. Settings and sensors are raw; that they are standardised by operating regime is declared
 * in the task's schema.
 */
final class TurbofanData implements DataSet {
  private static final int SITES = 4;
  private static final List<String> SETTINGS = List.of("altitude", "mach", "throttle");
  private static final int FIRST_SETTING = 2;
  private static final int FIRST_SENSOR = 5;

  /** Remaining life is told up to here, as earlier wear shows in no sensor. */
  static final int CAP = 125;

  /** A window ends at one cycle in so many. */
  private static final int EVERY = 12;

  private static final int VALIDATION_FIFTH = 4;

  private final TurbofanLife lives = new TurbofanLife();

  @Override
  public Aside aside() {
    return lives;
  }

  @Override
  public String folder() {
    return "cmapss";
  }

  @Override
  public String split() {
    return "four sites FD001 to FD004; of five training engines the fifth validates, the published test"
        + " engines test with their last window; truth is capped at "
        + CAP
        + " cycles; a window ends at one cycle in "
        + EVERY
        + " (in full: at every cycle)";
  }

  @Override
  public List<SiteExamples> sites(Path folder, Schema schema, boolean full) throws IOException {
    List<SiteExamples> sites = new ArrayList<>();
    for (int site = 1; site <= SITES; site++) {
      String name = "fd00" + site;
      String file = name.toUpperCase(Locale.ROOT);
      Map<Integer, List<double[]>> train = units(folder.resolve("train_" + file + ".txt.gz"));
      Map<Integer, List<double[]>> test = units(folder.resolve("test_" + file + ".txt.gz"));
      List<Example> examples = new ArrayList<>();
      int[] columns = schema.signals().stream().mapToInt(each -> column(each.name())).toArray();
      train.forEach(
          (unit, rows) ->
              training(schema, unit, chosen(rows, columns), full ? 1 : EVERY, examples));
      List<String[]> left = Csv.rows(folder.resolve("RUL_" + file + ".txt"), Csv.BLANKS);
      for (Map.Entry<Integer, List<double[]>> unit : test.entrySet()) {
        List<float[]> rows = chosen(unit.getValue(), columns);
        int life = Integer.parseInt(left.get(unit.getKey() - 1)[0]);
        String serial = "test-" + unit.getKey();
        lives.put(name, serial, life);
        examples.add(example(schema, serial, rows, rows.size(), life, DataRole.TEST));
      }
      sites.add(new SiteExamples(name, examples));
    }
    return sites;
  }

  /** A setting by name, or a sensor s1 to s21. */
  private static int column(String signal) {
    int setting = SETTINGS.indexOf(signal);
    return setting >= 0
        ? FIRST_SETTING + setting
        : FIRST_SENSOR + Integer.parseInt(signal.substring(1)) - 1;
  }

  private static List<float[]> chosen(List<double[]> rows, int[] columns) {
    List<float[]> chosen = new ArrayList<>();
    for (double[] row : rows) {
      float[] values = new float[columns.length];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) row[columns[i]];
      }
      chosen.add(values);
    }
    return chosen;
  }

  private static void training(
      Schema schema, int unit, List<float[]> rows, int every, List<Example> examples) {
    DataRole role = unit % 5 == VALIDATION_FIFTH ? DataRole.VALIDATION : DataRole.TRAIN;
    for (int end = rows.size(); end >= schema.window().steps(); end -= every) {
      examples.add(example(schema, "unit-" + unit + "-" + end, rows, end, rows.size() - end, role));
    }
  }

  /** A window that ends before a row; where there are too few, the first one is repeated. */
  private static Example example(
      Schema schema, String serial, List<float[]> rows, int end, int life, DataRole role) {
    int signals = schema.signals().size();
    int steps = schema.window().steps();
    float[] window = new float[signals * steps];
    for (int step = 0; step < steps; step++) {
      float[] row = rows.get(Math.max(0, end - steps + step));
      for (int i = 0; i < signals; i++) {
        window[i * steps + step] = row[i];
      }
    }
    return Rows.example(schema, serial, window, Integer.toString(Math.min(life, CAP)), role);
  }

  private static Map<Integer, List<double[]>> units(Path file) throws IOException {
    Map<Integer, List<double[]>> units = new LinkedHashMap<>();
    for (String[] row : Csv.rows(file, Csv.BLANKS)) {
      double[] values = new double[row.length];
      for (int i = 0; i < row.length; i++) {
        values[i] = Double.parseDouble(row[i]);
      }
      units.computeIfAbsent((int) values[0], unit -> new ArrayList<>()).add(values);
    }
    return units;
  }
}
