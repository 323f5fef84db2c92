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

/** Holds a deployment against later models, or lets it go. */
@Service
@Command(
    scope = "fedwerk",
    name = "model-pin",
    description = "Keeps a task's deployment against later models; --off lets them in again")
public final class ModelPinCommand implements Action {
  @Reference(optional = true)
  private @Nullable SiteAgent agent;

  @Reference private Session session;

  @Argument(name = "task", required = true, description = "Name, or begin of the digest")
  @Completion(TaskCompleter.class)
  private String task = "";

  @Argument(
      index = 1,
      name = "model",
      description = "Version, or begin of the digest, of the active or the previous deployment")
  @Completion(DeployedCompleter.class)
  private @Nullable String model;

  @Option(name = "--off", description = "Lets the next committed model be deployed again")
  private boolean off;

  @Option(name = "--json", description = "One line of JSON for programs")
  private boolean json;

  @Override
  public @Nullable Object execute() throws CommandException {
    SiteAgent site = Refused.present(agent, ActiveModel.ABSENT);
    if (off && model != null) {
      throw Refused.absent("--off takes no model; it lets the next committed one in");
    }
    try {
      if (off) {
        site.release(task, ShellUser.of(session));
      } else {
        site.pin(task, model, ShellUser.of(session));
      }
      ActiveModel.of(site, task).print(System.out, json);
    } catch (RefusedException refused) {
      throw Refused.shown(refused);
    }
    return null;
  }
}
