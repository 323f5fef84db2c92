// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.shell.internal;

import java.io.PrintStream;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
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
import org.fedwerk.api.prototype.Prototyping;
import org.jspecify.annotations.Nullable;

/** The bar of a pilot. */
@Service
@Command(
    scope = "fedwerk",
    name = "prototype",
    description =
        "Trains each site alone, all data pooled, and a federation on recordings at this desk,"
            + " tuned alike; Ctrl-C ends it")
public final class PrototypeCommand implements Action {
  @Reference(optional = true)
  private @Nullable Prototyping prototyping;

  @Argument(index = 0, name = "task", description = "The task document, YAML", required = true)
  @Completion(FileCompleter.class)
  private String task = "";

  @Argument(
      index = 1,
      name = "data",
      description = "Folder of the CSV files and fedwerk-data.yaml",
      required = true)
  @Completion(FileCompleter.class)
  private String data = "";

  @Option(name = "--manifest", description = "What describes the files, if the folder does not")
  @Completion(FileCompleter.class)
  private String manifest = "";

  @Option(
      name = "--configurations",
      description = "YAML list of changes of the task that every column tries; six if left out")
  @Completion(FileCompleter.class)
  private String configurations = "";

  @Option(name = "--seeds", description = "With how many seeds what was chosen is run")
  private int seeds = 1;

  @Option(name = "--json", description = "One line of JSON for programs")
  private boolean json;

  @Override
  public @Nullable Object execute() throws CommandException {
    Prototyping.Result result;
    PrintStream out = System.out;
    Consumer<String> progress = json ? line -> {} : line -> out.println(Listing.plain(line));
    try {
      result = desk().run(request(), progress);
    } catch (RefusedException refused) {
      throw Refused.shown(refused);
    } catch (InterruptedException ended) {
      throw Refused.absent("interrupted; nothing is left of the run");
    }
    print(result, out);
    return null;
  }

  private Prototyping.Request request() throws CommandException {
    return new Prototyping.Request(
        path(task), path(data), given(manifest), given(configurations), seeds);
  }

  private static Optional<Path> given(String file) throws CommandException {
    return file.isEmpty() ? Optional.empty() : Optional.of(path(file));
  }

  private static Path path(String file) throws CommandException {
    try {
      return Path.of(file);
    } catch (InvalidPathException malformed) {
      throw Refused.absent("there is no file " + Listing.plain(file));
    }
  }

  private void print(Prototyping.Result result, PrintStream out) {
    Listing listing =
        new Listing(
            "nothing was trained",
            "learned",
            "metric",
            "validation",
            "test",
            "spread",
            "seeds",
            "tries",
            "configuration",
            "changes");
    for (Prototyping.Column column : result.columns()) {
      listing
          .row()
          .put("task", result.task())
          .put("learned", column.name())
          .put("metric", result.metric())
          .put("validation", column.validation())
          .put("test", column.test())
          .put("spread", column.spread())
          .put("seeds", result.seeds())
          .put("tries", column.tries())
          .put("configuration", column.configuration())
          .put("changes", column.changes());
    }
    listing.print(out, json);
  }

  private Prototyping desk() throws CommandException {
    return Refused.present(
        prototyping,
        "this process has no desk for prototypes; install fedwerk-prototype, whose engine"
            + " fedwerk:status shows");
  }
}
