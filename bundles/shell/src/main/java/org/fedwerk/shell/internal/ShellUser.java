// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.shell.internal;

import java.security.AccessController;
import java.security.Principal;
import java.util.Optional;
import javax.security.auth.Subject;
import org.apache.karaf.shell.api.console.Session;

/** Who types, for records that name people. */
final class ShellUser {
  /** Karaf's principal of who logged in; others of a subject are its groups and roles. */
  private static final String USER_PRINCIPAL = "UserPrincipal";

  private ShellUser() {}

  /**
   * Who logged in, as Karaf's login module says; else the session's user, a variable that its
   * session may change; {@code shell} where there is neither.
   */
  static String of(Session session) {
    return loggedIn()
        .orElseGet(
            () -> {
              Object user = session.get("USER");
              return user == null ? "shell" : user.toString();
            });
  }

  // Karaf runs commands by Subject.doAs; its successor, Subject.current, came with Java 18.
  @SuppressWarnings("removal")
  private static Optional<String> loggedIn() {
    Subject subject = Subject.getSubject(AccessController.getContext());
    return subject == null
        ? Optional.empty()
        : subject.getPrincipals().stream()
            .filter(each -> each.getClass().getSimpleName().equals(USER_PRINCIPAL))
            .map(Principal::getName)
            .findFirst();
  }
}
