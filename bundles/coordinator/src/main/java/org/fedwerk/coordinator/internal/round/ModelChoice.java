// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal.round;

/** Which model a phase works on. */
public enum ModelChoice {
  /** The newest committed version. */
  NEWEST,
  /** What an earlier phase of this round made; not committed yet. */
  CANDIDATE,
  /** The committed version with the best validation metric. */
  BEST;

  /** True if the model is a committed version, which a site may deploy. */
  public boolean isCommitted() {
    return this != CANDIDATE;
  }
}
