// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.shell.internal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.CommandException;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.coordinator.ModelRegistry;
import org.fedwerk.api.coordinator.ModelRegistry.Change;
import org.fedwerk.api.coordinator.ModelRegistry.Version;
import org.jspecify.annotations.Nullable;

/** Shows one version: its steps, and the card that was written when a round made it. */
@Service
@Command(
    scope = "fedwerk",
    name = "model-show",
    description = "A version: how far it got, who decided so, what it was made from, and its card")
public final class ModelShowCommand implements Action {
  @Reference(optional = true)
  private @Nullable ModelRegistry registry;

  @Argument(name = "task", index = 0, description = "Name, or begin of the digest", required = true)
  @Completion(TaskCompleter.class)
  private String task = "";

  @Argument(
      name = "version",
      index = 1,
      description = "Number, as fedwerk:models lists it",
      required = true)
  @Completion(VersionCompleter.class)
  private int version;

  @Option(name = "--json", description = "One line of JSON for programs")
  private boolean json;

  @Override
  public @Nullable Object execute() throws CommandException {
    Version shown = find(Refused.present(registry, TaskOrder.ELSEWHERE));
    if (json) {
      print(shown);
      return null;
    }
    changes(shown).print(System.out, false);
    if (!shown.note().isEmpty()) {
      System.out.println(Listing.plain(shown.note()));
    }
    System.out.println();
    shown.card().lines().map(Listing::plain).forEach(System.out::println);
    return null;
  }

  private Version find(ModelRegistry models) throws CommandException {
    try {
      return models.versions(task).stream()
          .filter(each -> each.model().version() == version)
          .findFirst()
          .orElseThrow(
              () ->
                  Refused.absent(
                      "task "
                          + task
                          + " has no version "
                          + version
                          + "; fedwerk:models lists them"));
    } catch (RefusedException refused) {
      throw Refused.shown(refused);
    }
  }

  private static Listing changes(Version shown) {
    Listing listing = new Listing("nothing is on record", "state", "by", "time", "why");
    for (Change change : shown.changes()) {
      listing
          .row()
          .put("state", change.state().word())
          .put("by", change.by())
          .put("time", change.time().toString())
          .put("why", change.why());
    }
    return listing;
  }

  private void print(Version shown) {
    List<Map<String, Object>> changes = new ArrayList<>();
    for (Change change : shown.changes()) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("state", change.state().word());
      row.put("by", change.by());
      row.put("time", change.time().toString());
      row.put("why", change.why());
      changes.add(row);
    }
    Listing listing = new Listing("");
    listing
        .row()
        .put("task", task)
        .put("version", version)
        .put("model", shown.model().digest().hex())
        .put("made from", version == 0 ? "the seed" : shown.model().base().hex())
        .put("weights", ModelsCommand.weights(shown.model()))
        .put("state", shown.state().word())
        .put("kept", shown.kept())
        .put("metrics", finite(shown.metrics()))
        .put("sites", finite(shown.sites()))
        .put("note", shown.note())
        .put("changes", changes)
        .put("card", shown.card());
    listing.print(System.out, true);
  }

  private static Map<String, Double> finite(Map<String, Double> values) {
    Map<String, Double> finite = new LinkedHashMap<>();
    values.forEach(
        (name, value) -> {
          if (Double.isFinite(value)) {
            finite.put(name, value);
          }
        });
    return finite;
  }
}
