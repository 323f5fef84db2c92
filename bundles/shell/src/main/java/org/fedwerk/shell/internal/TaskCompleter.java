// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.shell.internal;

import java.util.List;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.completers.StringsCompleter;
import org.fedwerk.api.site.SiteAgent;
import org.jspecify.annotations.Nullable;

/** Completes names of the tasks at this site. */
@Service
public final class TaskCompleter implements Completer {
  @Reference(optional = true)
  private @Nullable SiteAgent agent;

  @Override
  public int complete(Session session, CommandLine line, List<String> candidates) {
    StringsCompleter names = new StringsCompleter();
    if (agent != null) {
      agent.tasks().forEach(task -> names.getStrings().add(task.name()));
    }
    return names.complete(session, line, candidates);
  }
}
