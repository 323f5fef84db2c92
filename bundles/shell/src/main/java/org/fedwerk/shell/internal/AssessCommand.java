// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.shell.internal;

import java.io.PrintStream;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.CommandException;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.site.Assessment;
import org.jspecify.annotations.Nullable;

/** How ready this site is for a task. */
@Service
@Command(
    scope = "fedwerk",
    name = "assess",
    description =
        "How ready this site is for a task, and whether it had best take part; nothing leaves the"
            + " site")
public final class AssessCommand implements Action {
  @Reference(optional = true)
  private @Nullable Assessment assessment;

  @Argument(
      name = "task",
      description = "Name, or begin of the digest, also of a task that waits; or a YAML file",
      required = true)
  @Completion(TaskCompleter.class)
  private String task = "";

  @Option(name = "--json", description = "One line of JSON for programs")
  private boolean json;

  @Override
  public @Nullable Object execute() throws CommandException {
    boolean isFile = TaskFile.isNamedBy(task);
    try {
      print(isFile ? assessed(TaskFile.read(task)) : assessment().assess(task));
    } catch (RefusedException refused) {
      throw isFile ? Refused.shown(task + " is refused:", refused) : Refused.shown(refused);
    } catch (InterruptedException ended) {
      throw Refused.absent("interrupted; nothing was written down");
    }
    return null;
  }

  private Assessment.Report assessed(String yaml)
      throws RefusedException, InterruptedException, CommandException {
    return assessment().assessDocument(yaml);
  }

  private void print(Assessment.Report report) {
    PrintStream out = System.out;
    Listing listing = new Listing("nothing was found", "finding", "value", "needed", "verdict");
    for (Assessment.Finding finding : report.findings()) {
      listing
          .row()
          .put("task", report.task())
          .put("finding", finding.name())
          .put("value", finding.value())
          .put("needed", finding.needed())
          .put("verdict", finding.verdict().word())
          .put("number", finding.number())
          .put("unit", finding.unit());
    }
    if (json) {
      listing
          .row()
          .put("task", report.task())
          .put("finding", "advice")
          .put("value", report.advice().words())
          .put("reasons", report.reasons())
          .put("digest", report.digest().hex());
    }
    listing.print(out, json);
    if (!json) {
      out.println("advice: " + report.advice().words());
      report.reasons().forEach(reason -> out.println("  " + Listing.plain(reason)));
    }
  }

  private Assessment assessment() throws CommandException {
    return Refused.present(assessment, ActiveModel.ABSENT);
  }
}
