// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.predict.opcua.internal;

/** Why the server does not run, in words for the operator. An expected state: no stack trace. */
final class ServerProblem extends Exception {
  private static final long serialVersionUID = 1L;

  ServerProblem(String what) {
    super(what, null, false, false);
  }

  /** What happened and what to do. */
  String what() {
    return String.valueOf(getMessage());
  }
}
