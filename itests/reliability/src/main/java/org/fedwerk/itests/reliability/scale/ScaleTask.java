// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.reliability.scale;

/** The task of the part: so many rounds of all sites, with a model of 1 MB. */
final class ScaleTask {
  /** Two hidden layers of 475 are 250,327 parameters, 1.0 MB in 11 chunks. */
  private static final int HIDDEN = 475;

  /** Signals times steps of the schema. */
  private static final int INPUTS = 48;

  /** Elements of a chunk where nothing is configured. */
  static final int RANGE = 24_000;

  private ScaleTask() {}

  /** The document. */
  static String yaml(String example, int sites, int rounds) {
    return example
        .replaceAll("(?m)^(  hidden:) .*$", "$1 [" + HIDDEN + ", " + HIDDEN + "]")
        .replaceAll("(?m)^(  max:) .*$", "$1 " + rounds)
        .replaceAll("(?m)^(  least:) .*$", "$1 " + rounds)
        .replaceAll("(?m)^(  cohort-least:) .*$", "$1 " + sites + "\n  quorum: " + sites)
        .replaceAll("(?m)^(  examples-least:) .*$", "$1 10")
        .replaceAll("(?m)^(  stall:) .*$", "$1 30m");
  }

  /** Elements of the model. */
  static int parameters() {
    return (INPUTS + 1) * HIDDEN + (HIDDEN + 1) * HIDDEN + 2 * (HIDDEN + 1);
  }
}
