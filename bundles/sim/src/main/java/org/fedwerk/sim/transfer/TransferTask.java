// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.transfer;

/** The task of a transfer: one round of a perceptron with two hidden layers of one size. */
public final class TransferTask {
  /** Who answers for it. */
  public static final String OWNER = "Process engineering";

  /** Signals times steps of the schema. */
  private static final int INPUTS = 48;

  private TransferTask() {}

  /** The document. */
  public static String yaml(String example, int hidden) {
    return example
        .replaceAll("(?m)^(  hidden:) .*$", "$1 [" + hidden + ", " + hidden + "]")
        .replaceAll("(?m)^(  max:) .*$", "$1 1")
        .replaceAll("(?m)^(  least:) .*$", "$1 1")
        .replaceAll("(?m)^(  cohort-least:) .*$", "$1 1\n  quorum: 1")
        .replaceAll("(?m)^(  examples-least:) .*$", "$1 10")
        .replaceAll("(?m)^(  stall:) .*$", "$1 10m");
  }

  /** How many parameters the network has. */
  public static long parameters(int hidden) {
    long h = hidden;
    return INPUTS * h + h + h * h + h + 2 * h + 2;
  }
}
