// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.reliability;

import java.nio.file.Files;
import java.nio.file.Path;
import org.fedwerk.itests.figures.Figures;

/** Prints the figures of {@code mvn -Preliability verify}. */
public final class ReliabilityMain {
  private static final String ONLY = "only=";

  private ReliabilityMain() {}

  /**
   * Runs.
   *
   * @param args folder for state, and {@code only=} with names of parts
   */
  public static void main(String[] args) throws Exception {
    String only =
        args.length > 1 && args[1].startsWith(ONLY) ? args[1].substring(ONLY.length()) : "";
    Path all = Files.createDirectories(Path.of(args[0]));
    Figures figures = new Figures(System.out);
    for (Part part : Parts.named(only)) {
      part.measure(figures, Files.createTempDirectory(all, part.name()));
      figures.require(part.figures());
    }
    // Threads of brokers and links that were killed on purpose may linger.
    System.exit(0);
  }
}
