// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal.round;

/** How far the current round is. */
public enum Stage {
  /** No phase is open: not enough sites are ready. */
  WAITING,
  /** A phase is open, replies come in. */
  COLLECTING,
  /** The phase before this one is folded, this one is held back while the task rests. */
  HELD,
  /** The phase is closed, its replies are being folded. */
  FOLDING,
  /** The last phase is folded, the round is being committed. */
  COMMITTING,
  /** Nothing more to do. */
  FINISHED,
  /** Given up; the state's problem says why. */
  FAILED,
  /** Ended by a person; the state's problem says who and why. */
  ABORTED
}
