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
import org.fedwerk.api.site.SiteAgent;
import org.jspecify.annotations.Nullable;

/** The owner's yes or no to a task; without a task, the list. */
@Service
@Command(
    scope = "fedwerk",
    name = "task-approve",
    description = "Lists the tasks at this site, approves one, or says no with --no")
public final class TaskApproveCommand implements Action {
  @Reference(optional = true)
  private @Nullable SiteAgent agent;

  @Reference private Session session;

  @Argument(
      name = "task",
      description = "Name, or begin of the digest; without it all tasks are listed")
  @Completion(TaskCompleter.class)
  private @Nullable String task;

  @Option(name = "--no", description = "Declines the task, or withdraws an approval")
  private boolean no;

  @Option(name = "--json", description = "One line of JSON for programs")
  private boolean json;

  @Override
  public @Nullable Object execute() throws CommandException {
    if (task == null) {
      list();
      return null;
    }
    String by = ShellUser.of(session);
    try {
      if (no) {
        agent().decline(task, by);
        Answer.say(System.out, json, "declined " + task, "declined", task, "by", by);
      } else {
        agent().approve(task, by);
        Answer.say(System.out, json, "approved " + task, "approved", task, "by", by);
      }
    } catch (RefusedException refused) {
      throw Refused.shown(refused);
    }
    return null;
  }

  private void list() throws CommandException {
    Listing listing =
        new Listing(
            "no task has been offered to this site",
            "task",
            "owner",
            "purpose",
            "approval",
            "learning",
            "deployment",
            "running",
            "round",
            "train",
            "validation",
            "test",
            "reason");
    for (SiteAgent.TaskView view : agent().tasks()) {
      listing
          .row()
          .put("task", view.name())
          .put("owner", view.owner())
          .put("purpose", view.purpose())
          .put("approval", view.approval())
          .put("learning", view.learning().toString())
          .put("deployment", view.deployment().toString())
          .put("running", view.running())
          .put("round", view.round())
          .put("train", view.train())
          .put("validation", view.validation())
          .put("test", view.test())
          .put("reason", view.reason())
          .put("digest", view.digest().hex())
          .put("deployed", view.deployed().map(each -> (Object) each.hex()).orElse(null))
          .put("localRevision", view.localRevision())
          .put("predictions", agent().predictions());
    }
    listing.print(System.out, json);
  }

  private SiteAgent agent() throws CommandException {
    return Refused.present(agent, ActiveModel.ABSENT);
  }
}
