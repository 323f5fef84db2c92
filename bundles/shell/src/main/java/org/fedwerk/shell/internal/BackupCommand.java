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
import org.apache.karaf.shell.support.CommandException;
import org.apache.karaf.shell.support.completers.FileCompleter;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.store.Backups;
import org.jspecify.annotations.Nullable;

/** Writes the state of this process into a file. */
@Service
@Command(
    scope = "fedwerk",
    name = "backup",
    description = "Writes the state of this process into a file, while it works; no keys are in it")
public final class BackupCommand implements Action {
  static final String ELSEWHERE = "no store is in this process; see fedwerk:status";

  @Reference(optional = true)
  private @Nullable Backups backups;

  @Argument(name = "file", description = "File that is made", required = true)
  @Completion(FileCompleter.class)
  private String file = "";

  @Option(name = "--json", description = "One line of JSON for programs")
  private boolean json;

  @Override
  public @Nullable Object execute() throws CommandException {
    try {
      Path path = Path.of(file).toAbsolutePath();
      print(Refused.present(backups, ELSEWHERE).backup(path), json);
    } catch (RefusedException refused) {
      throw Refused.shown(refused);
    }
    return null;
  }

  static void print(Backups.Summary summary, boolean json) {
    Listing listing = new Listing("nothing was written", "file", "files", "bytes", "epoch");
    listing
        .row()
        .put("file", summary.file().toString())
        .put("files", summary.files())
        .put("bytes", summary.bytes())
        .put("epoch", summary.epoch());
    listing.print(System.out, json);
  }
}
