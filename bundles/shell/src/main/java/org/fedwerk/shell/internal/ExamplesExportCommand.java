// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.shell.internal;

import java.nio.file.Path;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.CommandException;
import org.apache.karaf.shell.support.completers.FileCompleter;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.site.ExampleExport;
import org.jspecify.annotations.Nullable;

/** Writes what a task learns from into a file of this machine. */
@Service
@Command(
    scope = "fedwerk",
    name = "examples-export",
    description =
        "Writes this site's examples of a task into a CSV file of this machine; nothing leaves the"
            + " site")
public final class ExamplesExportCommand implements Action {
  @Reference(optional = true)
  private @Nullable ExampleExport export;

  @Reference private Session session;

  @Argument(
      name = "task",
      description = "Name, or begin of the digest, also of a task that waits",
      required = true)
  @Completion(TaskCompleter.class)
  private String task = "";

  @Argument(index = 1, name = "file", description = "File that is made", required = true)
  @Completion(FileCompleter.class)
  private String file = "";

  @Option(name = "--json", description = "One line of JSON for programs")
  private boolean json;

  @Override
  public @Nullable Object execute() throws CommandException {
    try {
      ExampleExport.Exported done =
          Refused.present(export, ActiveModel.ABSENT)
              .export(task, Path.of(file).toAbsolutePath(), ShellUser.of(session));
      Listing listing = new Listing("nothing was written", "task", "file", "examples", "values");
      listing
          .row()
          .put("task", done.task())
          .put("file", done.file().toString())
          .put("examples", done.examples())
          .put("values", done.values());
      listing.print(System.out, json);
    } catch (RefusedException refused) {
      throw Refused.shown(refused);
    }
    return null;
  }
}
