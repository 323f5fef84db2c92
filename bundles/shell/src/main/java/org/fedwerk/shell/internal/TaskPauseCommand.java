// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.shell.internal;

import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.CommandException;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.coordinator.Coordination;
import org.jspecify.annotations.Nullable;

/** Lets a task rest. */
@Service
@Command(
    scope = "fedwerk",
    name = "task-pause",
    description = "Lets a task rest: the open phase may be finished, nothing new begins")
public final class TaskPauseCommand implements Action {
  @Reference(optional = true)
  private @Nullable Coordination coordination;

  @Reference private Session session;

  @Argument(name = "task", description = "Name, or begin of the digest", required = true)
  @Completion(TaskPauseCompleter.class)
  private String task = "";

  @Option(name = "--json", description = "One line of JSON for programs")
  private boolean json;

  @Override
  public @Nullable Object execute() throws CommandException {
    String by = TaskOrder.user(session);
    try {
      coordination().pause(task, by);
    } catch (RefusedException refused) {
      throw Refused.shown(refused);
    }
    TaskOrder.print(task, "paused", by, json);
    return null;
  }

  private Coordination coordination() throws CommandException {
    return Refused.present(coordination, TaskOrder.ELSEWHERE);
  }
}
