// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.shell.internal;

import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.CommandException;
import org.apache.karaf.shell.support.completers.FileCompleter;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.coordinator.Coordination;
import org.jspecify.annotations.Nullable;

/** Submits a task document. */
@Service
@Command(
    scope = "fedwerk",
    name = "task-submit",
    description = "Submits a task; with --dry-run only tells what it would mean")
public final class TaskSubmitCommand implements Action {
  @Reference(optional = true)
  private @Nullable Coordination coordination;

  @Argument(name = "file", description = "The task document, YAML", required = true)
  @Completion(FileCompleter.class)
  private String file = "";

  @Option(
      name = "--dry-run",
      description = "Prints layout, bytes per round and refusals, and submits nothing")
  private boolean dryRun;

  @Option(name = "--json", description = "One line of JSON for programs")
  private boolean json;

  @Override
  public @Nullable Object execute() throws CommandException {
    String yaml = TaskFile.read(file);
    try {
      if (dryRun) {
        print(coordination().dryRun(yaml));
      } else {
        String digest = coordination().submit(yaml).hex();
        Answer.say(System.out, json, "submitted " + digest, "digest", digest);
      }
    } catch (RefusedException refused) {
      throw Refused.shown(file + " is refused:", refused);
    }
    return null;
  }

  private void print(Coordination.DryRun run) {
    if (json) {
      Listing listing = new Listing("");
      listing
          .row()
          .put("digest", run.digest().hex())
          .put("layout", run.layout())
          .put("parameters", run.parameters())
          .put("bytes down", run.bytesDown())
          .put("bytes up", run.bytesUp())
          .put("notes", run.notes());
      listing.print(System.out, true);
      return;
    }
    System.out.println("digest      " + run.digest().hex());
    System.out.println("layout");
    run.layout().lines().forEach(line -> System.out.println("  " + line));
    System.out.println("parameters  " + run.parameters());
    System.out.println("bytes down  " + run.bytesDown() + " per site and round");
    System.out.println("bytes up    " + run.bytesUp() + " per site and round");
    run.notes().forEach(note -> System.out.println("note        " + note));
  }

  private Coordination coordination() throws CommandException {
    return Refused.present(
        coordination, "this process runs no coordinator; run the command at the coordinator");
  }
}
