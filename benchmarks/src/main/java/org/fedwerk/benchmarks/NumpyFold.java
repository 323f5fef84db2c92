// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/** The same round averaged by numpy, timed inside Python. */
final class NumpyFold {
  private NumpyFold() {}

  /**
   * Runs it.
   *
   * @param script the Python program
   * @param runs how often it averages
   * @return median of seconds; empty where there is no Python 3 or it has no numpy
   * @throws IllegalStateException if it fails or comes to other bits than a plain sum
   */
  static Optional<Double> seconds(Path script, Round round, int rangeElements, int runs)
      throws IOException, InterruptedException {
    if (!isThere()) {
      return Optional.empty();
    }
    Process python =
        new ProcessBuilder(
                "python3",
                script.toString(),
                Integer.toString(round.sites()),
                Integer.toString(round.elements()),
                Integer.toString(rangeElements),
                Integer.toString(runs))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String said = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int exit = python.waitFor();
    String[] words = said.strip().split(" ");
    if (exit != 0 || words.length != 2) {
      throw new IllegalStateException(
          script.getFileName() + " ended with " + exit + " and said: " + said.strip());
    }
    if (!words[1].equals(round.expectedDigest())) {
      throw new IllegalStateException("numpy's average has other bits than a plain sum");
    }
    return Optional.of(Double.parseDouble(words[0]));
  }

  private static boolean isThere() throws InterruptedException {
    try {
      return new ProcessBuilder("python3", "-c", "import numpy")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException noPython) {
      return false;
    }
  }
}
