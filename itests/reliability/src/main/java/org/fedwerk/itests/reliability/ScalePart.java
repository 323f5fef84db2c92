// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.reliability;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.fedwerk.itests.figures.Figures;
import org.fedwerk.itests.reliability.scale.Scale;

/** Ten rounds of 10, 100 and 1000 sites with updates of 1 MB over the embedded broker. */
final class ScalePart implements Part {
  private static final int ROUNDS = 10;
  private static final List<Integer> SITES = List.of(10, 100, 1000);
  private static final String HEAP = "512m";

  @Override
  public String name() {
    return "scale";
  }

  @Override
  public List<String> figures() {
    List<String> names = new ArrayList<>();
    for (int sites : SITES) {
      names.add(figure(sites) + ".seconds-per-round");
      names.add(figure(sites) + ".peak-mb");
    }
    names.add("scale.sum-check");
    return names;
  }

  private static String figure(int sites) {
    return "scale." + sites;
  }

  @Override
  public void measure(Figures figures, Path folder) throws Exception {
    String examples = Optional.ofNullable(System.getProperty("fedwerk.examples")).orElseThrow();
    Scale scale = new Scale(folder, Path.of(examples), List.of());
    int wrong = 0;
    for (int sites : SITES) {
      Scale.Result result = scale.run(sites, ROUNDS, HEAP);
      figures.print(figure(sites) + ".seconds-per-round", result.secondsPerRound(), "s");
      figures.print(figure(sites) + ".peak-mb", result.peakMegabytes(), "MB");
      System.out.println(figure(sites) + ": " + result);
      wrong += result.wrong() + result.missing();
    }
    figures.print("scale.sum-check", wrong, "elements-or-rounds");
  }
}
