// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.quality;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.fedwerk.api.data.DataRole;
import org.fedwerk.api.data.Example;
import org.fedwerk.api.data.Schema;
import org.fedwerk.sim.baseline.SiteExamples;

/**
 * Faults of the Tennessee Eastman process (Downs and Vogel 1993; runs of Chiang, Russell and Braatz
 * 2000). Each of three sites sees normal operation and seven of the faults, in turn.
 */
final class TennesseeData implements DataSet {
  private static final int SITES = 3;
  private static final int FAULTS = 21;
  private static final int VARIABLES = 52;

  /** In a test run the fault begins behind so many rows. */
  private static final int NORMAL_ROWS = 160;

  /** Rows from the end of one window to the end of the next. */
  private static final int EVERY = 5;

  @Override
  public String folder() {
    return "tep";
  }

  @Override
  public String split() {
    return "three sites, each with the normal run and every third fault, so with seven faults that no"
        + " other site has; the first three quarters of a training run train and the last validates,"
        + " the published test runs test from the fault's start; a window begins every "
        + EVERY
        + " rows (in full: at every row)";
  }

  @Override
  public List<SiteExamples> sites(Path folder, Schema schema, boolean full) throws IOException {
    int every = full ? 1 : EVERY;
    List<List<Example>> bySite = new ArrayList<>();
    for (int site = 0; site < SITES; site++) {
      bySite.add(new ArrayList<>());
    }
    for (int fault = 0; fault <= FAULTS; fault++) {
      String run = String.format(Locale.ROOT, "d%02d", fault);
      double[][] train = rows(folder.resolve(run + ".dat.gz"));
      double[][] test = rows(folder.resolve(run + "_te.dat.gz"));
      for (int site = 0; site < SITES; site++) {
        if (fault == 0 || fault % SITES == site) {
          int cut = train.length * 3 / 4;
          List<Example> examples = bySite.get(site);
          add(schema, fault, train, 0, cut, every, DataRole.TRAIN, examples);
          add(schema, fault, train, cut, train.length, every, DataRole.VALIDATION, examples);
          int from = fault == 0 ? 0 : NORMAL_ROWS;
          add(schema, fault, test, from, test.length, every, DataRole.TEST, examples);
        }
      }
    }
    List<SiteExamples> sites = new ArrayList<>();
    for (int site = 0; site < SITES; site++) {
      sites.add(new SiteExamples("plant-" + (site + 1), bySite.get(site)));
    }
    return sites;
  }

  private static void add(
      Schema schema,
      int fault,
      double[][] rows,
      int from,
      int to,
      int every,
      DataRole role,
      List<Example> examples) {
    int steps = schema.window().steps();
    for (int begin = from; begin + steps <= to; begin += every) {
      float[] window = new float[VARIABLES * steps];
      for (int step = 0; step < steps; step++) {
        for (int i = 0; i < VARIABLES; i++) {
          window[i * steps + step] = (float) rows[begin + step][i];
        }
      }
      String serial = "run-" + fault + "-" + role + "-" + begin;
      examples.add(Rows.example(schema, serial, window, label(fault), role));
    }
  }

  static String label(int fault) {
    return fault == 0 ? "normal" : "idv" + fault;
  }

  /** Rows of 52 variables; the normal training run is written the other way round. */
  private static double[][] rows(Path file) throws IOException {
    List<String[]> lines = Csv.rows(file, Csv.BLANKS);
    boolean turned = lines.size() == VARIABLES;
    double[][] rows = new double[turned ? lines.get(0).length : lines.size()][VARIABLES];
    for (int i = 0; i < rows.length; i++) {
      for (int k = 0; k < VARIABLES; k++) {
        rows[i][k] = Double.parseDouble(turned ? lines.get(k)[i] : lines.get(i)[k]);
      }
    }
    return rows;
  }
}
