// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.learn.djl.internal;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.fedwerk.api.learn.LabelledInputs;

/**
 * One site of the hydraulic data, every signal and second standardised over its own training
 * cycles.
 */
record HydraulicSite(LabelledInputs train, LabelledInputs test) {
  private static final int SIGNALS = 17;
  private static final int STEPS = 60;
  private static final int WIDTH = SIGNALS * STEPS;
  private static final List<String> ACCUMULATOR_BAR = List.of("130", "115", "100", "90");

  /** From the system property fedwerk.data, or shared/data in a folder above this one. */
  static Optional<Path> folder() {
    String set = System.getProperty("fedwerk.data");
    if (set != null) {
      return Optional.of(Path.of(set, "hydraulic")).filter(Files::isDirectory);
    }
    Path above = Path.of("").toAbsolutePath();
    while (above != null) {
      Path folder = above.resolve("shared/data/hydraulic");
      if (Files.isDirectory(folder)) {
        return Optional.of(folder);
      }
      above = above.getParent();
    }
    return Optional.empty();
  }

  static HydraulicSite read(Path folder, String name) throws IOException {
    List<String[]> labels =
        Files.readAllLines(folder.resolve(name + "-labels.csv")).stream()
            .skip(1)
            .map(line -> line.split(","))
            .toList();
    List<float[]> windows = windows(folder.resolve(name + ".csv.gz"));
    if (labels.size() != windows.size()) {
      throw new IOException(name + ": " + labels.size() + " labels, " + windows.size() + " cycles");
    }
    normalise(windows, labels);
    return new HydraulicSite(select(windows, labels, "train"), select(windows, labels, "test"));
  }

  /** One window [signals x steps] per cycle. */
  private static List<float[]> windows(Path file) throws IOException {
    List<float[]> windows = new ArrayList<>();
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.US_ASCII))) {
      reader.readLine();
      int row = 0;
      for (String line = reader.readLine(); line != null; line = reader.readLine(), row++) {
        if (row % STEPS == 0) {
          windows.add(new float[WIDTH]);
        }
        String[] fields = line.split(",");
        for (int signal = 0; signal < SIGNALS; signal++) {
          float value = Float.parseFloat(fields[2 + signal]);
          windows.get(row / STEPS)[signal * STEPS + row % STEPS] = value;
        }
      }
    }
    return windows;
  }

  /** The data's known figures need a mean and a deviation per second, not per signal. */
  private static void normalise(List<float[]> windows, List<String[]> labels) {
    for (int i = 0; i < WIDTH; i++) {
      double sum = 0;
      double squares = 0;
      int count = 0;
      for (int n = 0; n < windows.size(); n++) {
        if (labels.get(n)[7].equals("train")) {
          double value = windows.get(n)[i];
          sum += value;
          squares += value * value;
          count++;
        }
      }
      double mean = sum / count;
      double deviation = Math.sqrt(Math.max(0, squares / count - mean * mean));
      for (float[] window : windows) {
        window[i] = (float) ((window[i] - mean) / (deviation > 1e-6 ? deviation : 1));
      }
    }
  }

  private static LabelledInputs select(List<float[]> windows, List<String[]> labels, String role) {
    List<LabelledInputs> chosen = new ArrayList<>();
    for (int n = 0; n < windows.size(); n++) {
      if (labels.get(n)[7].equals(role)) {
        int[] actual = {ACCUMULATOR_BAR.indexOf(labels.get(n)[4])};
        chosen.add(new LabelledInputs(1, windows.get(n), actual));
      }
    }
    return LabelledInputsOf.all(chosen);
  }
}
