// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.shell.internal;

import java.util.List;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.completers.StringsCompleter;
import org.fedwerk.api.coordinator.Coordination;
import org.jspecify.annotations.Nullable;

/** What the commands that order something of a task have in common. */
final class TaskOrder {
  static final String ELSEWHERE =
      "this process runs no coordinator; run the command at the coordinator";

  private TaskOrder() {}

  /** Who gives the order: the session's user, else the shell itself. */
  static String user(Session session) {
    Object user = session.get("USER");
    return user == null ? "shell" : user.toString();
  }

  static void print(String task, String done, String by, boolean json) {
    if (json) {
      Listing listing = new Listing("");
      listing.row().put("task", task).put("done", done).put("by", by);
      listing.print(System.out, true);
    } else {
      System.out.println(Listing.plain(done + " " + task));
    }
  }

  /** Completes names of tasks in one of some states; in any, if none is named. */
  static int complete(
      @Nullable Coordination coordination,
      List<String> states,
      Session session,
      CommandLine line,
      List<String> candidates) {
    StringsCompleter names = new StringsCompleter();
    if (coordination != null) {
      coordination.tasks().stream()
          .filter(run -> states.isEmpty() || states.contains(run.state()))
          .forEach(run -> names.getStrings().add(run.name()));
    }
    return names.complete(session, line, candidates);
  }
}
