// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.shell.internal;

import java.util.List;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.fedwerk.api.broker.BrokerTraffic;
import org.jspecify.annotations.Nullable;

/** Traffic of the embedded brokers. */
@Service
@Command(
    scope = "fedwerk",
    name = "broker",
    description = "The embedded brokers: port, clients, bytes in and out")
public final class BrokerCommand implements Action {
  @Reference(optional = true)
  private @Nullable List<BrokerTraffic> brokers;

  @Option(name = "--json", description = "One line of JSON for programs")
  private boolean json;

  @Override
  public @Nullable Object execute() {
    Listing listing =
        new Listing(
            "no broker runs in this process", "name", "port", "clients", "bytes in", "bytes out");
    for (BrokerTraffic broker : Injected.of(brokers)) {
      listing
          .row()
          .put("name", broker.name())
          .put("port", broker.port())
          .put("clients", broker.clients())
          .put("bytes in", broker.bytesIn())
          .put("bytes out", broker.bytesOut());
    }
    listing.print(System.out, json);
    return null;
  }
}
