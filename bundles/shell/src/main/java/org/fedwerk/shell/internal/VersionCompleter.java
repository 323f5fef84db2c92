// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.shell.internal;

import java.util.Collection;
import java.util.List;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.coordinator.ModelRegistry;
import org.jspecify.annotations.Nullable;

/** Completes versions of the task that stands before. */
@Service
public final class VersionCompleter extends FollowingCompleter {
  @Reference(optional = true)
  private @Nullable ModelRegistry registry;

  @Override
  Collection<String> names(String task, String typed) throws RefusedException {
    return registry == null
        ? List.of()
        : registry.versions(task).stream()
            .map(each -> Integer.toString(each.model().version()))
            .toList();
  }
}
