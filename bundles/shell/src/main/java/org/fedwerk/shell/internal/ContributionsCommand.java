// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.shell.internal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeSet;
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
import org.fedwerk.api.coordinator.Coordination.RoundRecord;
import org.jspecify.annotations.Nullable;

/** What each site adds to a task's best model, as the task's group contribution had it found. */
@Service
@Command(
    scope = "fedwerk",
    name = "contributions",
    description = "What each site adds to a task's best model, and how sites' models do elsewhere")
public final class ContributionsCommand implements Action {
  private static final String AT = "at ";

  @Reference(optional = true)
  private @Nullable Coordination coordination;

  @Argument(name = "task", description = "Name, or begin of the digest", required = true)
  @Completion(TaskCompleter.class)
  private String task = "";

  @Option(name = "--json", description = "One line of JSON for programs")
  private boolean json;

  @Override
  public @Nullable Object execute() throws CommandException {
    Found found = newest();
    String problem = found.figures().problem();
    if (json || problem.isEmpty()) {
      listing(found).print(System.out, json);
    }
    if (!json) {
      System.out.println(problem.isEmpty() ? words(found) : problem);
    }
    return null;
  }

  /** The figures of a round. */
  private record Found(RoundRecord round, Contributions figures) {}

  private Found newest() throws CommandException {
    try {
      List<Found> all = new ArrayList<>();
      for (RoundRecord round :
          Refused.present(coordination, "this process runs no coordinator; run the command there")
              .rounds(task)) {
        Contributions.of(round).ifPresent(figures -> all.add(new Found(round, figures)));
      }
      if (all.isEmpty()) {
        throw Refused.absent(
            "task "
                + task
                + " has no such figures: its document has no group contribution, or its training"
                + " has not ended yet");
      }
      return all.get(all.size() - 1);
    } catch (RefusedException refused) {
      throw Refused.shown(refused);
    }
  }

  private static String words(Found found) {
    Contributions figures = found.figures();
    StringBuilder words = new StringBuilder(figures.metric());
    words.append(" of model ").append(found.round().model().brief());
    words.append(" and one more training, ").append(figures.judged()).append(" models judged");
    if (figures.judges() > 0) {
      words.append(" by ").append(figures.judges()).append(" sites");
    }
    figures
        .worth()
        .forEach(
            (of, value) ->
                words.append(String.format(java.util.Locale.ROOT, "; of %s %.4g", of, value)));
    return words.toString();
  }

  private Listing listing(Found found) {
    Contributions figures = found.figures();
    TreeSet<String> judges = new TreeSet<>();
    figures.matrix().values().forEach(row -> judges.addAll(row.keySet()));
    List<String> columns = new ArrayList<>(List.of("site"));
    Map<String, SortedMap<String, Double>> shares = new LinkedHashMap<>();
    if (!figures.leaveOneOut().isEmpty()) {
      shares.put("leaving it out", figures.leaveOneOut());
    }
    if (!figures.shapley().isEmpty()) {
      shares.put("shapley", figures.shapley());
    }
    columns.addAll(shares.keySet());
    judges.forEach(judge -> columns.add(AT + judge));
    TreeSet<String> sites = new TreeSet<>(figures.matrix().keySet());
    shares.values().forEach(each -> sites.addAll(each.keySet()));
    Listing listing = new Listing("nothing was found", columns.toArray(String[]::new));
    for (String site : sites) {
      Listing.Row row = listing.row().put("site", site);
      shares.forEach((name, values) -> row.put(name, values.get(site)));
      SortedMap<String, Double> at = figures.matrix().get(site);
      judges.forEach(judge -> row.put(AT + judge, at == null ? null : at.get(judge)));
      row.put("metric", figures.metric())
          .put("judges", figures.judges())
          .put("models", figures.judged())
          .put("all", figures.worth().get(Contributions.ALL))
          .put("none", figures.worth().get(Contributions.NONE))
          .put("model", found.round().model().hex())
          .put("round", found.round().round());
    }
    if (sites.isEmpty()) {
      listing
          .row()
          .put("problem", figures.problem())
          .put("models needed", figures.needed())
          .put("round", found.round().round());
    }
    return listing;
  }
}
