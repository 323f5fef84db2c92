// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.shell.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
import org.fedwerk.api.coordinator.ModelRegistry;
import org.fedwerk.api.coordinator.ModelRegistry.Rollout;
import org.fedwerk.api.coordinator.ModelRegistry.Stand;
import org.jspecify.annotations.Nullable;

/** How a task's versions go out to the sites; lets a gate pass, or takes a rollout back. */
@Service
@Command(
    scope = "fedwerk",
    name = "rollout",
    description = "Where each site stands; --pass lets a gate pass, --back takes a version back")
public final class RolloutCommand implements Action {
  @Reference(optional = true)
  private @Nullable ModelRegistry registry;

  @Reference(optional = true)
  private @Nullable Coordination coordination;

  @Reference private Session session;

  @Argument(name = "task", description = "Name, or begin of the digest; without it all tasks")
  @Completion(TaskCompleter.class)
  private @Nullable String task;

  @Option(name = "--pass", description = "Lets the rollout pass the gate that it waits for")
  private boolean pass;

  @Option(
      name = "--back",
      description = "Takes the rollout back; without one, back to the version active before")
  private boolean back;

  @Option(name = "--reason", description = "Why, for the record")
  private String reason = "";

  @Option(name = "--json", description = "One line of JSON for programs")
  private boolean json;

  @Override
  public @Nullable Object execute() throws CommandException {
    ModelRegistry models = Refused.present(registry, TaskOrder.ELSEWHERE);
    try {
      if (pass || back) {
        order(models);
      } else {
        show(models);
      }
    } catch (RefusedException refused) {
      throw Refused.shown(refused);
    }
    return null;
  }

  private void order(ModelRegistry models) throws RefusedException, CommandException {
    if (task == null || (pass && back)) {
      throw Refused.absent("name a task, and either --pass or --back");
    }
    String by = ShellUser.of(session);
    if (pass) {
      models.pass(task, by, reason);
    } else {
      models.back(task, by, reason);
    }
    String done = pass ? "passed" : "taken back";
    Answer.say(System.out, json, done + " " + task, "task", task, "done", done, "by", by);
  }

  private void show(ModelRegistry models) throws RefusedException, CommandException {
    Listing listing =
        new Listing(
            "no task here promotes its models",
            "task",
            "site",
            "wave",
            "assigned",
            "running",
            "held",
            "predictions",
            "failures",
            "alarm rate",
            "latency p99 s",
            "waits for");
    List<String> lines = new ArrayList<>();
    for (String name : names()) {
      Optional<Rollout> rollout = models.rollout(name);
      if (rollout.isPresent()) {
        lines.add(name + ": " + said(rollout.get()));
        rollout.get().stands().forEach(stand -> row(listing, name, rollout.get(), stand));
      }
    }
    if (!json) {
      lines.forEach(line -> System.out.println(Listing.plain(line)));
    }
    listing.print(System.out, json);
  }

  private List<String> names() throws CommandException {
    return task != null
        ? List.of(task)
        : Refused.present(coordination, TaskOrder.ELSEWHERE).tasks().stream()
            .map(run -> run.digest().hex())
            .toList();
  }

  private static String said(Rollout rollout) {
    String active =
        rollout.active() == null
            ? "no version is active"
            : "version " + rollout.active() + " is active";
    return rollout.version() == null
        ? active + (rollout.takenBack().isEmpty() ? "" : "; " + rollout.takenBack())
        : active
            + ", version "
            + rollout.version()
            + " goes out, wave "
            + rollout.wave()
            + " of "
            + rollout.waves()
            + (rollout.waitsFor().isEmpty() ? "" : ", waits for " + rollout.waitsFor());
  }

  private void row(Listing listing, String name, Rollout rollout, Stand stand) {
    Listing.Row row =
        listing
            .row()
            .put("task", name)
            .put("site", stand.site())
            .put("wave", stand.wave() == 0 ? null : stand.wave())
            .put("assigned", stand.assigned())
            .put("running", stand.running())
            .put("held", stand.held())
            .put("predictions", stand.predictions())
            .put("failures", stand.failures())
            .put("alarm rate", stand.alarmRate())
            .put("latency p99 s", stand.latencyP99())
            .put("waits for", stand.waitsFor());
    if (json) {
      row.put("active", rollout.active())
          .put("version", rollout.version())
          .put("wave of the rollout", rollout.wave())
          .put("waves", rollout.waves())
          .put("gate waits for", rollout.waitsFor())
          .put("taken back", rollout.takenBack());
    }
  }
}
