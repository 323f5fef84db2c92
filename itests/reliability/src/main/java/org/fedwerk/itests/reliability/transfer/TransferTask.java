// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.reliability.transfer;

import java.util.Collections;

/** The task of a transfer: one round of a perceptron whose hidden layers have one size. */
public final class TransferTask {
  /** Who answers for it. */
  public static final String OWNER = "Process engineering";

  /** Signals times steps of the schema. */
  private static final int INPUTS = 48;

  private TransferTask() {}

  /** The document. */
  public static String yaml(String example, int layers, int hidden) {
    return example
        .replaceAll("(?m)^(  hidden:) .*$", "$1 " + Collections.nCopies(layers, hidden))
        .replaceAll("(?m)^(  max:) .*$", "$1 1")
        .replaceAll("(?m)^(  least:) .*$", "$1 1")
        .replaceAll("(?m)^(  cohort-least:) .*$", "$1 1\n  quorum: 1")
        .replaceAll("(?m)^(  examples-least:) .*$", "$1 10")
        .replaceAll("(?m)^(  stall:) .*$", "$1 10m");
  }

  /** How many parameters the network has. */
  public static long parameters(int layers, int hidden) {
    long h = hidden;
    return (INPUTS + 1) * h + (layers - 1) * (h + 1) * h + 2 * (h + 1);
  }
}
