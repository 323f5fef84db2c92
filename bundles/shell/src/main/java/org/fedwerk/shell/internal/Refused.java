// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.shell.internal;

import java.util.stream.Collectors;
import org.apache.karaf.shell.support.CommandException;
import org.fedwerk.api.RefusedException;
import org.jspecify.annotations.Nullable;

/** Turns a refusal into what the shell shows without a stack trace. */
final class Refused {
  private Refused() {}

  static CommandException shown(RefusedException refused) {
    return new CommandException(
        refused.getMessage().lines().map(Listing::plain).collect(Collectors.joining("\n")));
  }

  /**
   * A service that a command works on; all are optional references, as Karaf holds back every
   * command of a bundle while one required service is missing.
   *
   * @throws CommandException if it is not in this process
   */
  static <T> T present(@Nullable T service, String what) throws CommandException {
    if (service == null) {
      throw absent(what);
    }
    return service;
  }

  /** With a line before it. */
  static CommandException shown(String before, RefusedException refused) {
    return new CommandException(Listing.plain(before) + "\n" + shown(refused).getMessage());
  }

  /** A command that has nothing to work on in this process. */
  static CommandException absent(String what) {
    return new CommandException(what);
  }
}
