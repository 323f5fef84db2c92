// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.shell.internal;

import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.CommandException;
import org.fedwerk.api.site.SiteAgent;
import org.jspecify.annotations.Nullable;

/** What left this site. */
@Service
@Command(
    scope = "fedwerk",
    name = "egress",
    description = "What left this site: when, for which task, what, how large; newest first")
public final class EgressCommand implements Action {
  @Reference(optional = true)
  private @Nullable SiteAgent agent;

  @Option(name = "--most", description = "How many passages")
  private int most = 50;

  @Option(name = "--json", description = "One line of JSON for programs")
  private boolean json;

  @Override
  public @Nullable Object execute() throws CommandException {
    if (most < 1) {
      throw Refused.absent("--most " + most + " is not allowed; use 1 or more");
    }
    Listing listing =
        new Listing(
            "nothing has left this site",
            "no",
            "time",
            "task",
            "kind",
            "what",
            "bytes",
            "passed",
            "reason");
    for (SiteAgent.EgressRecord record : agent().egress(most)) {
      listing
          .row()
          .put("no", record.sequence())
          .put("time", record.time().toString())
          .put("task", record.task())
          .put("kind", record.kind())
          .put("what", record.what())
          .put("bytes", record.bytes())
          .put("passed", record.passed())
          .put("reason", record.reason());
    }
    listing.print(System.out, json);
    return null;
  }

  private SiteAgent agent() throws CommandException {
    return Refused.present(
        agent,
        "this process runs no site; run the command at a site, or install fedwerk-site and an engine");
  }
}
