// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.shell.internal;

import org.apache.karaf.shell.support.CommandException;
import org.fedwerk.api.RefusedException;

/** Turns a refusal into what the shell shows without a stack trace. */
final class Refused {
  private Refused() {}

  static CommandException shown(RefusedException refused) {
    return new CommandException(refused.getMessage());
  }

  /** A command that has nothing to work on in this process. */
  static CommandException absent(String what) {
    return new CommandException(what);
  }
}
