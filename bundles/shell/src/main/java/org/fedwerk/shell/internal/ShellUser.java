// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.shell.internal;

import org.apache.karaf.shell.api.console.Session;

/** Who types, for records that name people. */
final class ShellUser {
  private ShellUser() {}

  /** The session's user; {@code shell} where nobody logged in. */
  static String of(Session session) {
    Object user = session.get("USER");
    return user == null ? "shell" : user.toString();
  }
}
