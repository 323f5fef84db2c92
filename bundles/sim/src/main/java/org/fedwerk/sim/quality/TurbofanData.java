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
 * cycles. Sensors are standardised per operating regime, which a site does with the mean and
 * deviation of its own training engines; the six regimes are those of the data set's description.
 */
final class TurbofanData implements DataSet {
  /** Altitude in 1000 ft, Mach number, throttle resolver angle. */
  private static final double[][] REGIMES = {
    {0, 0, 100}, {10, 0.25, 100}, {20, 0.7, 100}, {25, 0.62, 60}, {35, 0.84, 100}, {42, 0.84, 100}
  };

  private static final int SITES = 4;
  private static final int SETTINGS = 2;
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
      int[] sensors =
          schema.signals().stream()
              .mapToInt(each -> FIRST_SENSOR + Integer.parseInt(each.name().substring(1)) - 1)
              .toArray();
      Regimes regimes = Regimes.fit(train, sensors);
      List<Example> examples = new ArrayList<>();
      train.forEach(
          (unit, rows) -> training(schema, unit, regimes.apply(rows), full ? 1 : EVERY, examples));
      List<String[]> left = Csv.rows(folder.resolve("RUL_" + file + ".txt"), Csv.BLANKS);
      for (Map.Entry<Integer, List<double[]>> unit : test.entrySet()) {
        List<float[]> rows = regimes.apply(unit.getValue());
        int life = Integer.parseInt(left.get(unit.getKey() - 1)[0]);
        String serial = "test-" + unit.getKey();
        lives.put(name, serial, life);
        examples.add(example(schema, serial, rows, rows.size(), life, DataRole.TEST));
      }
      sites.add(new SiteExamples(name, examples));
    }
    return sites;
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

  /** Mean and deviation of each sensor in each regime. */
  private record Regimes(int[] sensors, double[][] mean, double[][] deviation) {
    static Regimes fit(Map<Integer, List<double[]>> units, int[] sensors) {
      double[][] sums = new double[REGIMES.length][sensors.length];
      double[][] squares = new double[REGIMES.length][sensors.length];
      long[] counts = new long[REGIMES.length];
      units.forEach(
          (unit, rows) -> {
            if (unit % 5 != VALIDATION_FIFTH) {
              rows.forEach(row -> add(row, sensors, sums, squares, counts));
            }
          });
      double[][] mean = new double[REGIMES.length][sensors.length];
      double[][] deviation = new double[REGIMES.length][sensors.length];
      for (int r = 0; r < REGIMES.length; r++) {
        for (int i = 0; i < sensors.length; i++) {
          mean[r][i] = counts[r] == 0 ? 0 : sums[r][i] / counts[r];
          double variance =
              counts[r] == 0 ? 0 : squares[r][i] / counts[r] - mean[r][i] * mean[r][i];
          // Below a millionth of the mean it is rounding of a constant.
          boolean constant = variance <= 1e-12 * mean[r][i] * mean[r][i];
          deviation[r][i] = constant ? 1 : Math.sqrt(variance);
        }
      }
      return new Regimes(sensors, mean, deviation);
    }

    private static void add(
        double[] row, int[] sensors, double[][] sums, double[][] squares, long[] counts) {
      int r = regime(row);
      counts[r]++;
      for (int i = 0; i < sensors.length; i++) {
        sums[r][i] += row[sensors[i]];
        squares[r][i] += row[sensors[i]] * row[sensors[i]];
      }
    }

    private static int regime(double[] row) {
      int nearest = 0;
      double least = Double.POSITIVE_INFINITY;
      for (int r = 0; r < REGIMES.length; r++) {
        double altitude = row[SETTINGS] - REGIMES[r][0];
        double mach = 10 * (row[SETTINGS + 1] - REGIMES[r][1]);
        double throttle = (row[SETTINGS + 2] - REGIMES[r][2]) / 10;
        double distance = altitude * altitude + mach * mach + throttle * throttle;
        if (distance < least) {
          least = distance;
          nearest = r;
        }
      }
      return nearest;
    }

    List<float[]> apply(List<double[]> rows) {
      List<float[]> standardised = new ArrayList<>();
      for (double[] row : rows) {
        int r = regime(row);
        float[] values = new float[sensors.length];
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) ((row[sensors[i]] - mean[r][i]) / deviation[r][i]);
        }
        standardised.add(values);
      }
      return standardised;
    }
  }
}
