// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.shell.internal;

import java.util.Collection;
import java.util.List;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.fedwerk.api.coordinator.Coordination;
import org.jspecify.annotations.Nullable;

/** Completes ids of the sites that the coordinator knows. */
@Service
public final class SiteCompleter extends NamesCompleter {
  @Reference(optional = true)
  private @Nullable Coordination coordination;

  @Override
  Collection<String> names() {
    return coordination == null
        ? List.of()
        : coordination.sites().stream().map(Coordination.SiteView::id).toList();
  }
}
