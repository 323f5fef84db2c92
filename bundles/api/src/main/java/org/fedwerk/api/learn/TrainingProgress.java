// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.learn;

/** Hears how far training is, and can stop it. Called on the training thread. */
@FunctionalInterface
public interface TrainingProgress {
  /**
   * After each step.
   *
   * @return false to cancel
   */
  boolean step(int done, int total);
}
