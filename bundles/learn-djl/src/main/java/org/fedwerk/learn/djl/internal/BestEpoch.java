// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.learn.djl.internal;

/**
 * Early stop (Prechelt 1998): the parameters of the epoch with the lowest loss of the validation
 * examples, and when to wait no longer for a lower one. The start counts as epoch 0, so training
 * that only does harm changes nothing.
 */
final class BestEpoch {
  private final int patience;
  private double loss;
  private float[] vector;
  private int since;

  BestEpoch(int patience, double startLoss, float[] start) {
    this.patience = patience;
    loss = startLoss;
    vector = start;
  }

  /**
   * An epoch has ended.
   *
   * @return true if training goes on
   */
  boolean goesOn(double epochLoss, float[] after) {
    if (epochLoss < loss) {
      loss = epochLoss;
      vector = after;
      since = 0;
    } else {
      since++;
    }
    return since < patience;
  }

  float[] vector() {
    return vector;
  }
}
