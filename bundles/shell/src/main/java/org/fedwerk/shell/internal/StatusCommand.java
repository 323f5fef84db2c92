// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.shell.internal;

import java.util.List;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.fedwerk.api.status.Health;
import org.fedwerk.api.status.StatusLine;
import org.fedwerk.api.status.StatusSource;
import org.jspecify.annotations.Nullable;

/** How every room of this process is. */
@Service
@Command(
    scope = "fedwerk",
    name = "status",
    description = "How this process is: one line per thing, then ready or not")
public final class StatusCommand implements Action {
  @Reference(optional = true)
  private @Nullable List<StatusSource> sources;

  @Option(name = "--json", description = "One line of JSON for programs")
  private boolean json;

  @Override
  public @Nullable Object execute() {
    Listing listing = new Listing("no room of Fedwerk runs here yet", "subject", "state", "detail");
    Health health = Health.of(Injected.of(sources));
    for (StatusLine line : health.lines()) {
      listing
          .row()
          .put("subject", line.subject())
          .put("state", line.state().toString())
          .put("detail", line.detail());
    }
    listing.print(System.out, json);
    if (!json) {
      System.out.println(health.ready() ? "ready" : "not ready");
    }
    return null;
  }
}
