// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.shell.internal;

import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.CommandException;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.data.ExampleSource;
import org.fedwerk.api.site.SiteAgent;
import org.jspecify.annotations.Nullable;

/** What became of parts, and which of them a task used. */
@Service
@Command(
    scope = "fedwerk",
    name = "parts",
    description =
        "What became of parts and why no window came; with --used which examples a task read last")
public final class PartsCommand implements Action {
  @Reference(optional = true)
  private @Nullable ExampleSource examples;

  @Reference(optional = true)
  private @Nullable SiteAgent agent;

  @Option(
      name = "--used",
      description = "Name of a task: the examples that its newest --request read")
  @Completion(TaskCompleter.class)
  private @Nullable String task;

  @Option(name = "--request", description = "train, evaluate or test")
  @Completion(RequestCompleter.class)
  private String request = "train";

  @Option(name = "--json", description = "One line of JSON for programs")
  private boolean json;

  @Override
  public @Nullable Object execute() throws CommandException {
    if (task != null) {
      used(task).print(System.out, json);
      return null;
    }
    ExampleSource.PartsReport report = examples().report();
    if (json) {
      counts(report).print(System.out, true);
      return null;
    }
    System.out.printf(
        "%d parts stored, %d labelled, open: %s%n",
        report.stored(), report.labelled(), report.open().isEmpty() ? "none" : report.open());
    System.out.printf(
        "%d samples missing or bad; labels: %d unmapped, %d late, %d waiting for their part; %d parts evicted%n",
        report.missingSamples(),
        report.unmappedLabels(),
        report.lateLabels(),
        report.waitingLabels(),
        report.evicted());
    Listing listing = new Listing("no part yet", "serial", "state", "reason");
    report
        .recent()
        .forEach(
            fate ->
                listing
                    .row()
                    .put("serial", fate.serial())
                    .put("state", fate.state())
                    .put("reason", fate.reason()));
    listing.print(System.out, false);
    return null;
  }

  private static Listing counts(ExampleSource.PartsReport report) {
    Listing listing = new Listing("");
    listing
        .row()
        .put("stored", report.stored())
        .put("labelled", report.labelled())
        .put("open", report.open())
        .put("missingSamples", report.missingSamples())
        .put("unmappedLabels", report.unmappedLabels())
        .put("lateLabels", report.lateLabels())
        .put("waitingLabels", report.waitingLabels())
        .put("evicted", report.evicted());
    return listing;
  }

  private Listing used(String name) throws CommandException {
    SiteAgent site = Refused.present(agent, "this process runs no site agent");
    Listing listing = new Listing("none", "serial", "revision", "role");
    try {
      for (SiteAgent.UsedExample each : site.used(name, request)) {
        listing
            .row()
            .put("serial", each.serial())
            .put("revision", each.labelRevision())
            .put("role", each.role().toString());
      }
    } catch (RefusedException refused) {
      throw Refused.shown(refused);
    }
    return listing;
  }

  private ExampleSource examples() throws CommandException {
    return Refused.present(
        examples,
        "this process runs no site; run the command at a site, or install fedwerk-site and an engine");
  }
}
