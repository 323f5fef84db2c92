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
import org.fedwerk.api.coordinator.ModelRegistry;
import org.jspecify.annotations.Nullable;

/** Lets an approved version go out to the sites. */
@Service
@Command(
    scope = "fedwerk",
    name = "model-promote",
    description = "Lets an approved version go out to the sites")
public final class ModelPromoteCommand implements Action {
  @Reference(optional = true)
  private @Nullable ModelRegistry registry;

  @Reference private Session session;

  @Argument(name = "task", index = 0, description = "Name, or begin of the digest", required = true)
  @Completion(TaskCompleter.class)
  private String task = "";

  @Argument(
      name = "version",
      index = 1,
      description = "Number, as fedwerk:models lists it",
      required = true)
  @Completion(VersionCompleter.class)
  private int version;

  @Option(name = "--json", description = "One line of JSON for programs")
  private boolean json;

  @Override
  public @Nullable Object execute() throws CommandException {
    String by = ShellUser.of(session);
    try {
      Refused.present(registry, TaskOrder.ELSEWHERE).promote(task, version, by);
    } catch (RefusedException refused) {
      throw Refused.shown(refused);
    }
    Answer.say(
        System.out,
        json,
        "promoted version " + version + " of " + task,
        "task",
        task,
        "version",
        version,
        "done",
        "promoted",
        "by",
        by);
    return null;
  }
}
