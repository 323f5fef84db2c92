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

/** Puts a backup in the place of the state of this process. */
@Service
@Command(
    scope = "fedwerk",
    name = "restore",
    description = "Puts a backup in the place of this process's state, with a higher epoch")
public final class RestoreCommand implements Action {
  @Reference(optional = true)
  private @Nullable Backups backups;

  @Argument(name = "file", description = "What fedwerk:backup wrote", required = true)
  @Completion(FileCompleter.class)
  private String file = "";

  @Option(name = "--force", description = "Also if there is state; it is kept in a folder beside")
  private boolean force;

  @Option(
      name = "--epoch",
      description = "Least new epoch, if the same backup was restored elsewhere before")
  private long epoch;

  @Option(name = "--json", description = "One line of JSON for programs")
  private boolean json;

  @Override
  public @Nullable Object execute() throws CommandException {
    try {
      Path path = Path.of(file).toAbsolutePath();
      BackupCommand.print(
          Refused.present(backups, BackupCommand.ELSEWHERE).restore(path, force, epoch), json);
    } catch (RefusedException refused) {
      throw Refused.shown(refused);
    }
    return null;
  }
}
