// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.shell.internal;

import java.util.Collection;
import java.util.List;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.site.SiteAgent;
import org.jspecify.annotations.Nullable;

/** Completes versions that are loaded at this site for the task that stands before. */
@Service
public final class DeployedCompleter extends FollowingCompleter {
  @Reference(optional = true)
  private @Nullable SiteAgent agent;

  @Override
  Collection<String> names(String task, String typed) throws RefusedException {
    return agent == null
        ? List.of()
        : agent.models(task).stream()
            .filter(each -> !each.state().isEmpty())
            .map(each -> Integer.toString(each.version()))
            .distinct()
            .toList();
  }
}
