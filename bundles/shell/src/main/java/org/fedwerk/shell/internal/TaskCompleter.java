// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.shell.internal;

import java.util.Collection;
import java.util.TreeSet;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.fedwerk.api.coordinator.Coordination;
import org.fedwerk.api.site.SiteAgent;
import org.jspecify.annotations.Nullable;

/** Completes names of the tasks that this process knows, as site or as coordinator. */
@Service
public final class TaskCompleter extends NamesCompleter {
  @Reference(optional = true)
  private @Nullable SiteAgent agent;

  @Reference(optional = true)
  private @Nullable Coordination coordination;

  @Override
  Collection<String> names() {
    Collection<String> names = new TreeSet<>();
    if (agent != null) {
      agent.tasks().forEach(task -> names.add(task.name()));
    }
    if (coordination != null) {
      coordination.tasks().forEach(task -> names.add(task.name()));
    }
    return names;
  }
}
