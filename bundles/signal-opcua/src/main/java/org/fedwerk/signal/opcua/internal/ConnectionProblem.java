// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.signal.opcua.internal;

import org.fedwerk.api.status.StatusLine;

/** Why there is no connection, in words for the operator. An expected state, so no stack trace. */
final class ConnectionProblem extends Exception {
  private static final long serialVersionUID = 1L;

  private final StatusLine.State state;
  private final boolean isSlow;

  private ConnectionProblem(String what, StatusLine.State state, boolean isSlow) {
    super(what, null, false, false);
    this.state = state;
    this.isSlow = isSlow;
  }

  /** A problem that may pass by itself. */
  static ConnectionProblem of(String what) {
    return new ConnectionProblem(what, StatusLine.State.DOWN, false);
  }

  /** Credentials were refused: tried seldom, because servers lock accounts. */
  static ConnectionProblem refusedUser(String what) {
    return new ConnectionProblem(what, StatusLine.State.DOWN, true);
  }

  /** Somebody has to decide first. */
  static ConnectionProblem waiting(String what) {
    return new ConnectionProblem(what, StatusLine.State.WAITING, false);
  }

  /** What happened and what to do. */
  String what() {
    return String.valueOf(getMessage());
  }

  StatusLine.State state() {
    return state;
  }

  /** True if it is tried again at a tenth of the usual pace. */
  boolean isSlow() {
    return isSlow;
  }
}
