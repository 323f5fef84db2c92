// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.learn.djl.internal;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.fedwerk.api.data.DataRole;
import org.fedwerk.api.data.Example;
import org.fedwerk.api.data.LabelSpec;
import org.fedwerk.api.data.Schema;
import org.fedwerk.api.data.SignalSpec;
import org.fedwerk.api.data.Tensor;
import org.fedwerk.api.data.WindowSpec;
import org.fedwerk.api.learn.LabelledInputs;
import org.fedwerk.api.learn.Normalisation;
import org.fedwerk.api.learn.Preparation;
import org.fedwerk.learn.internal.WindowPreparation;

/** One site of the hydraulic data, normalised as a site does it: fitted to its training cycles. */
record HydraulicSite(LabelledInputs train, LabelledInputs test) {
  private static final int SIGNALS = 17;
  private static final int STEPS = 60;
  private static final Schema SCHEMA =
      new Schema(
          "hydraulic",
          1,
          IntStream.range(0, SIGNALS)
              .mapToObj(i -> new SignalSpec("s" + i, "raw", -1e6, 1e6, Duration.ofSeconds(1)))
              .toList(),
          new WindowSpec(STEPS, Duration.ofSeconds(1), Duration.ZERO),
          new LabelSpec("accumulator_bar", List.of("130", "115", "100", "90"), Duration.ZERO));

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
    List<Example> train = select(windows, labels, "train");
    Preparation preparation = new WindowPreparation();
    Normalisation fitted = preparation.fit(SCHEMA, train);
    return new HydraulicSite(
        preparation.inputs(SCHEMA, fitted, train),
        preparation.inputs(SCHEMA, fitted, select(windows, labels, "test")));
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
          windows.add(new float[SCHEMA.inputSize()]);
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

  private static List<Example> select(List<float[]> windows, List<String[]> labels, String role) {
    List<Example> chosen = new ArrayList<>();
    for (int n = 0; n < windows.size(); n++) {
      String[] label = labels.get(n);
      if (label[7].equals(role)) {
        chosen.add(
            new Example(
                label[0],
                Map.of(Example.WINDOW, new Tensor(new int[] {SIGNALS, STEPS}, windows.get(n))),
                SCHEMA.label().classes().indexOf(label[4]),
                1,
                DataRole.valueOf(role.toUpperCase(Locale.ROOT))));
      }
    }
    return chosen;
  }
}
