// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.signal.mqtt.internal;

/** Why there is no connection, in words for the operator. An expected state, so no stack trace. */
public final class ConnectionProblem extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean isSlow;

  private ConnectionProblem(String what, boolean isSlow) {
    super(what, null, false, false);
    this.isSlow = isSlow;
  }

  /** A problem that may pass by itself. */
  static ConnectionProblem of(String what) {
    return new ConnectionProblem(what, false);
  }

  /** A problem that somebody has to solve: tried seldom, because servers lock accounts. */
  static ConnectionProblem slow(String what) {
    return new ConnectionProblem(what, true);
  }

  /** What happened and what to do. */
  String what() {
    return String.valueOf(getMessage());
  }

  /** True if it is tried again at a tenth of the usual pace. */
  boolean isSlow() {
    return isSlow;
  }
}
