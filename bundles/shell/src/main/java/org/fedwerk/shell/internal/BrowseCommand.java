// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.shell.internal;

import java.util.List;
import java.util.stream.Collectors;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.CommandException;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.signal.SignalBrowser;
import org.jspecify.annotations.Nullable;

/** Looks around on a machine's OPC UA server. */
@Service
@Command(
    scope = "fedwerk",
    name = "browse",
    description =
        "Shows the children of a node on a source's OPC UA server, ready for its configuration")
public final class BrowseCommand implements Action {
  @Reference(optional = true)
  private @Nullable List<SignalBrowser> browsers;

  @Argument(
      index = 0,
      name = "source",
      description = "Instance name of the source",
      required = true)
  @Completion(SourceCompleter.class)
  private String source = "";

  @Argument(
      index = 1,
      name = "node",
      description = "Node id, for example nsu=urn:x;s=y; without it the Objects folder")
  @Completion(NodeCompleter.class)
  private String node = "";

  @Option(name = "--json", description = "One line of JSON for programs")
  private boolean json;

  @Override
  public @Nullable Object execute() throws CommandException {
    Listing listing = new Listing("no children", "node", "name", "kind", "type");
    try {
      for (SignalBrowser.Entry entry : browser().browse(node)) {
        listing
            .row()
            .put("node", entry.nodeId())
            .put("name", entry.name())
            .put("kind", entry.kind())
            .put("type", entry.type());
      }
    } catch (RefusedException refused) {
      throw Refused.shown(refused);
    }
    listing.print(System.out, json);
    return null;
  }

  private SignalBrowser browser() throws CommandException {
    List<SignalBrowser> all = Injected.of(browsers);
    return all.stream()
        .filter(each -> each.name().equals(source))
        .findFirst()
        .orElseThrow(
            () ->
                Refused.absent(
                    "no source \""
                        + source
                        + "\"; there are: "
                        + (all.isEmpty()
                            ? "none"
                            : all.stream()
                                .map(SignalBrowser::name)
                                .collect(Collectors.joining(", ")))));
  }
}
