// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.shell.internal;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.CommandException;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.coordinator.Coordination;
import org.fedwerk.api.coordinator.ModelRegistry;
import org.fedwerk.api.model.ModelVersion;
import org.fedwerk.api.site.SiteAgent;
import org.jspecify.annotations.Nullable;

/** At a site what was deployed and who decided so, at the coordinator all versions. */
@Service
@Command(
    scope = "fedwerk",
    name = "models",
    description = "Models of a task: at a site what was deployed, at the coordinator all versions")
public final class ModelsCommand implements Action {
  @Reference(optional = true)
  private @Nullable SiteAgent agent;

  @Reference(optional = true)
  private @Nullable Coordination coordination;

  @Reference(optional = true)
  private @Nullable ModelRegistry registry;

  @Argument(name = "task", description = "Name, or begin of the digest; without it all tasks")
  @Completion(TaskCompleter.class)
  private @Nullable String task;

  @Option(name = "--json", description = "One line of JSON for programs")
  private boolean json;

  @Override
  public @Nullable Object execute() throws CommandException {
    try {
      listing().print(System.out, json);
    } catch (RefusedException refused) {
      throw Refused.shown(refused);
    }
    return null;
  }

  private Listing listing() throws RefusedException, CommandException {
    return agent != null
        ? deployed(agent)
        : versions(
            Refused.present(
                coordination, "this process runs neither a site with an engine nor a coordinator"));
  }

  private Listing deployed(SiteAgent site) throws RefusedException {
    Listing listing =
        new Listing(
            "nothing was deployed here yet",
            "task",
            "version",
            "model",
            "local revision",
            "time",
            "act",
            "by",
            "state");
    Map<String, String> names = new LinkedHashMap<>();
    if (task == null) {
      site.tasks().forEach(each -> names.put(each.digest().hex(), each.name()));
    } else {
      names.put(task, task);
    }
    for (Map.Entry<String, String> each : names.entrySet()) {
      for (SiteAgent.ModelView model : site.models(each.getKey())) {
        listing
            .row()
            .put("task", each.getValue())
            .put("version", model.version())
            .put("model", json ? model.digest().hex() : model.digest().brief())
            .put("local revision", model.localRevision())
            .put("time", model.time().map(Object::toString).orElse(null))
            .put("act", model.act())
            .put("by", model.by())
            .put("state", model.state());
      }
    }
    return listing;
  }

  private Listing versions(Coordination coordinator) throws RefusedException {
    Listing listing =
        new Listing(
            "no task has a model yet",
            "task",
            "version",
            "model",
            "made from",
            "metric",
            "weights",
            "state",
            "by",
            "note");
    Map<String, String> names = new LinkedHashMap<>();
    if (task == null) {
      coordinator.tasks().forEach(each -> names.put(each.digest().hex(), each.name()));
    } else {
      names.put(task, task);
    }
    for (Map.Entry<String, String> each : names.entrySet()) {
      Map<Integer, ModelRegistry.Version> versions = promoted(each.getKey());
      for (ModelVersion model : coordinator.models(each.getKey())) {
        Listing.Row row =
            listing
                .row()
                .put("task", each.getValue())
                .put("version", model.version())
                .put("model", json ? model.digest().hex() : model.digest().brief())
                .put("made from", model.version() == 0 ? "the seed" : shown(model))
                .put("metric", model.metric())
                .put("weights", weights(model));
        ModelRegistry.Version version = versions.get(model.version());
        if (version != null) {
          state(row, version);
        }
      }
    }
    return listing;
  }

  private Map<Integer, ModelRegistry.Version> promoted(String of) throws RefusedException {
    Map<Integer, ModelRegistry.Version> versions = new LinkedHashMap<>();
    if (registry != null) {
      registry.versions(of).forEach(each -> versions.put(each.model().version(), each));
    }
    return versions;
  }

  private void state(Listing.Row row, ModelRegistry.Version version) {
    List<ModelRegistry.Change> changes = version.changes();
    Optional<ModelRegistry.Change> last =
        changes.isEmpty() ? Optional.empty() : Optional.of(changes.get(changes.size() - 1));
    row.put("state", version.state().word())
        .put("by", last.map(ModelRegistry.Change::by).orElse(""))
        .put(
            "note",
            version.note().isEmpty()
                ? last.map(ModelRegistry.Change::why).orElse("")
                : version.note());
    if (json) {
      row.put("since", last.map(change -> change.time().toString()).orElse(null))
          .put("kept", version.kept());
    }
  }

  private String shown(ModelVersion model) {
    return json ? model.base().hex() : model.base().brief();
  }

  static Map<String, Double> weights(ModelVersion model) {
    List<String> sites = model.contributors();
    Map<String, Double> weights = new LinkedHashMap<>();
    for (int i = 0; i < sites.size(); i++) {
      weights.put(sites.get(i), model.weights().get(i));
    }
    return weights;
  }
}
