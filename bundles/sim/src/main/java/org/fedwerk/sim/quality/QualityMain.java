// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.quality;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.fedwerk.api.RefusedException;
import org.fedwerk.itests.figures.Figures;

/** Prints the figures of {@code mvn -Pquality verify}: means over seeds 0 to 2. */
public final class QualityMain {
  private static final int SEEDS = 3;

  private QualityMain() {}

  /**
   * Runs.
   *
   * @param args folder of the data sets, folder of the example documents, folder for state
   */
  public static void main(String[] args)
      throws IOException, RefusedException, InterruptedException {
    Path data = Path.of(args[0], "hydraulic");
    if (!Files.isDirectory(data)) {
      System.err.println(
          data
              + " is not there, so the figures hydraulic.accumulator.* are missing;"
              + " name the folder of the data sets by -Dfedwerk.data=<folder>");
      System.exit(1);
    }
    double home = 0;
    double abroad = 0;
    double pooled = 0;
    double fedavg = 0;
    Path folder = Files.createTempDirectory(Files.createDirectories(Path.of(args[2])), "hydraulic");
    try (HydraulicQuality quality = new HydraulicQuality(data, Path.of(args[1]), folder)) {
      for (int seed = 0; seed < SEEDS; seed++) {
        HydraulicQuality.Result result = quality.run(seed);
        System.out.println("seed " + seed + ": " + result);
        home += result.baselines().localHome() / SEEDS;
        abroad += result.baselines().localAbroad() / SEEDS;
        pooled += result.baselines().pooled() / SEEDS;
        fedavg += result.federated() / SEEDS;
      }
    }
    Figures figures = new Figures(System.out);
    print(figures, "local-home", home);
    print(figures, "local-abroad", abroad);
    print(figures, "pooled", pooled);
    print(figures, "fedavg", fedavg);
  }

  private static void print(Figures figures, String name, double value) {
    figures.print("hydraulic.accumulator." + name, value, "balanced-accuracy");
  }
}
