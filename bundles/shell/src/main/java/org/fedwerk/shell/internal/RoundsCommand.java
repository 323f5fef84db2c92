// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.shell.internal;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
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
import org.fedwerk.api.coordinator.Contributions;
import org.fedwerk.api.coordinator.Coordination;
import org.fedwerk.api.learn.Evaluation;
import org.jspecify.annotations.Nullable;

/** The tasks, or the run history of one. */
@Service
@Command(
    scope = "fedwerk",
    name = "rounds",
    description = "The tasks; with a task's name its committed rounds")
public final class RoundsCommand implements Action {
  /**
   * Left out of the table, as there is one of each beside the mean over sites; what sites add has a
   * command of its own.
   */
  private static final Pattern OTHER_MEANS = Pattern.compile("\\.(weighted|summed|worst)\\.");

  @Reference(optional = true)
  private @Nullable Coordination coordination;

  @Argument(name = "task", description = "Name, or begin of the digest")
  @Completion(TaskCompleter.class)
  private @Nullable String task;

  @Option(name = "--json", description = "One line of JSON for programs")
  private boolean json;

  @Option(
      name = "--csv",
      description = "The task's rounds as comma-separated values (RFC 4180), every column")
  private boolean csv;

  @Override
  public @Nullable Object execute() throws CommandException {
    if (csv && (json || task == null)) {
      throw Refused.absent(
          "--csv needs a task and excludes --json; the tasks are listed by --json");
    }
    try {
      if (csv) {
        new RoundsTable(coordination().rounds(Objects.requireNonNull(task))).print(System.out);
        return null;
      }
      (task == null ? tasks() : rounds(task)).print(System.out, json);
    } catch (RefusedException refused) {
      throw Refused.shown(refused);
    }
    return null;
  }

  private Listing tasks() throws CommandException, RefusedException {
    Listing listing =
        new Listing(
            "no task; fedwerk:task-submit <file> submits one",
            "task",
            "state",
            "round",
            "phase",
            "waiting for",
            "note",
            "metric",
            "digest");
    for (Coordination.TaskRun run : coordination().tasks()) {
      listing
          .row()
          .put("task", run.name())
          .put("state", run.state())
          .put("round", run.round())
          .put("phase", run.phase())
          .put("waiting for", run.waitingFor())
          .put("note", run.note())
          .put("metric", run.model().map(model -> (Object) model.metric()).orElse(null))
          .put("digest", run.digest().brief())
          .put(
              "orders",
              coordination().acts(run.digest().hex()).stream().map(RoundsCommand::order).toList())
          .put("model", run.model().map(model -> (Object) model.digest().hex()).orElse(null));
    }
    return listing;
  }

  private Listing rounds(String name) throws RefusedException, CommandException {
    Listing listing =
        new Listing(
            "no round is committed yet",
            "round",
            "protocol",
            "attempt",
            "sites",
            "missing",
            "orders",
            "metrics",
            "bytes down",
            "bytes up",
            "seconds",
            "model");
    List<Coordination.Act> acts = coordination().acts(name);
    for (Coordination.RoundRecord round : coordination().rounds(name)) {
      listing
          .row()
          .put("round", round.round())
          .put("protocol", round.protocol())
          .put("attempt", round.attempt())
          .put("sites", round.cohort().size())
          .put("missing", round.missing())
          .put("orders", orders(acts, round.round()))
          .put("metrics", shortened(round.metrics()))
          .put("bytes down", round.bytesDown())
          .put("bytes up", round.bytesUp())
          .put("seconds", round.duration().toNanos() / 1e9)
          .put("model", json ? round.model().hex() : round.model().brief())
          .put("cohort", round.cohort())
          .put("values", finite(round.metrics()))
          .put("seed", round.seed())
          .put("started", round.started().toString())
          .put("task", round.task().hex())
          .put("evaluations", evaluations(round.evaluations()));
    }
    return listing;
  }

  private Object orders(List<Coordination.Act> acts, int round) {
    List<Coordination.Act> here = acts.stream().filter(act -> act.round() == round).toList();
    return json ? here.stream().map(RoundsCommand::order).toList() : words(here);
  }

  private static Map<String, Object> order(Coordination.Act act) {
    Map<String, Object> order = new LinkedHashMap<>();
    order.put("round", act.round());
    order.put("attempt", act.attempt());
    order.put("what", act.what());
    order.put("by", act.by());
    order.put("time", act.time().toString());
    order.put("reason", act.reason());
    return order;
  }

  private static String words(List<Coordination.Act> acts) {
    return acts.stream()
        .map(
            act ->
                act.what()
                    + " by "
                    + act.by()
                    + " "
                    + act.time()
                    + (act.reason().isEmpty() ? "" : ": " + act.reason()))
        .collect(Collectors.joining(", "));
  }

  private static String shortened(Map<String, Double> metrics) {
    StringBuilder text = new StringBuilder();
    metrics.forEach(
        (name, value) -> {
          if (!OTHER_MEANS.matcher(name).find() && !Contributions.names(name)) {
            text.append(String.format(java.util.Locale.ROOT, "%s=%.4f ", name, value));
          }
        });
    return text.toString().trim();
  }

  private static Map<String, Double> finite(Map<String, Double> metrics) {
    Map<String, Double> finite = new LinkedHashMap<>(metrics);
    finite.values().removeIf(value -> !Double.isFinite(value));
    return finite;
  }

  private static Map<String, Object> evaluations(Map<String, Evaluation> bySite) {
    Map<String, Object> all = new LinkedHashMap<>();
    bySite.forEach((site, evaluation) -> all.put(site, evaluation(evaluation)));
    return all;
  }

  private static Map<String, Object> evaluation(Evaluation told) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("count", told.count());
    if (told.confusion().length > 0) {
      all.put("confusion", told.confusion());
    }
    Map<String, Double> rates = new LinkedHashMap<>();
    told.metrics().forEach(metric -> rates.put(metric, told.metric(metric)));
    all.put("rates", finite(rates));
    return all;
  }

  private Coordination coordination() throws CommandException {
    return Refused.present(
        coordination, "this process runs no coordinator; run the command at the coordinator");
  }
}
