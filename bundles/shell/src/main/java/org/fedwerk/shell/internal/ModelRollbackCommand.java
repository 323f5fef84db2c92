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

/** Back to the deployment before, at once. */
@Service
@Command(
    scope = "fedwerk",
    name = "model-rollback",
    description = "Goes back to the deployment before the active one and pins it")
public final class ModelRollbackCommand implements Action {
  @Reference(optional = true)
  private @Nullable SiteAgent agent;

  @Reference private Session session;

  @Argument(name = "task", required = true, description = "Name, or begin of the digest")
  @Completion(TaskCompleter.class)
  private String task = "";

  @Option(name = "--json", description = "One line of JSON for programs")
  private boolean json;

  @Override
  public @Nullable Object execute() throws CommandException {
    SiteAgent site = Refused.present(agent, ActiveModel.ABSENT);
    try {
      site.rollBack(task, ShellUser.of(session));
      ActiveModel.of(site, task).print(System.out, json);
    } catch (RefusedException refused) {
      throw Refused.shown(refused);
    }
    return null;
  }
}
