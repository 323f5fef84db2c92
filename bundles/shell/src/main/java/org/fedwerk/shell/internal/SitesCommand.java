// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.shell.internal;

import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.CommandException;
import org.fedwerk.api.coordinator.Coordination;
import org.jspecify.annotations.Nullable;

/** The sites of the federation, as the coordinator sees them. */
@Service
@Command(
    scope = "fedwerk",
    name = "sites",
    description = "The sites of the federation and what they said of each task")
public final class SitesCommand implements Action {
  @Reference(optional = true)
  private @Nullable Coordination coordination;

  @Option(name = "--json", description = "One line of JSON for programs")
  private boolean json;

  @Override
  public @Nullable Object execute() throws CommandException {
    Listing listing =
        new Listing(
            "no site has been seen; fedwerk:enrol --new <site> makes a token for one",
            "site",
            "connected",
            "last seen s",
            "software",
            "tasks",
            "key");
    for (Coordination.SiteView site : coordination().sites()) {
      listing
          .row()
          .put("site", site.id())
          .put("connected", site.connected())
          .put("last seen s", site.lastSeen().map(each -> (Object) each.toSeconds()).orElse(null))
          .put("software", site.software())
          .put("tasks", site.tasks())
          .put("key", site.keyId().substring(0, Math.min(12, site.keyId().length())));
    }
    listing.print(System.out, json);
    return null;
  }

  private Coordination coordination() throws CommandException {
    return Refused.present(
        coordination, "this process runs no coordinator; run the command at the coordinator");
  }
}
