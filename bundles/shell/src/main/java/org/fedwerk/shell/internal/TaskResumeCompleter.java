// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.shell.internal;

import java.util.List;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Session;
import org.fedwerk.api.coordinator.Coordination;
import org.jspecify.annotations.Nullable;

/** Completes names of tasks that can be resumed. */
@Service
public final class TaskResumeCompleter implements Completer {
  @Reference(optional = true)
  private @Nullable Coordination coordination;

  @Override
  public int complete(Session session, CommandLine line, List<String> candidates) {
    return TaskOrder.complete(coordination, List.of("paused"), session, line, candidates);
  }
}
