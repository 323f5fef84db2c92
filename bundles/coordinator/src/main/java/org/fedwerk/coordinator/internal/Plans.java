// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import org.fedwerk.api.message.Body;
import org.fedwerk.api.message.Clusters;
import org.fedwerk.api.message.ModelReference;
import org.fedwerk.coordinator.internal.clusters.Members;
import org.fedwerk.coordinator.internal.round.ModelChoice;
import org.fedwerk.coordinator.internal.round.Phase;
import org.fedwerk.coordinator.internal.round.Place;
import org.fedwerk.coordinator.internal.round.RoundEngine;
import org.fedwerk.coordinator.internal.round.RoundState;
import org.fedwerk.coordinator.internal.round.Stage;

/** What a task's state says to its sites. */
final class Plans {
  private static final int NOTE_MOST = 2000;

  private final TaskContext context;
  private final RoundEngine engine;
  private final Function<ModelChoice, ModelReference> models;
  private final Supplier<Map<String, Integer>> contributed;
  private final Function<ModelChoice, Members> members;

  /**
   * Plans of a task.
   *
   * @param models tells the model that a phase works on
   * @param contributed tells the newest version that each site had a part in
   * @param members tells whose model is whose in such a model; asked where sites are parted
   */
  Plans(
      TaskContext context,
      RoundEngine engine,
      Function<ModelChoice, ModelReference> models,
      Supplier<Map<String, Integer>> contributed,
      Function<ModelChoice, Members> members) {
    this.context = context;
    this.engine = engine;
    this.models = models;
    this.contributed = contributed;
    this.members = members;
  }

  /** The plan of a phase. */
  Body.Plan phase(RoundState round, Phase phase, List<String> cohort) {
    ModelReference model = models.apply(phase.model());
    return new Body.Plan(
        phase.name(),
        phase.request(),
        cohort,
        model,
        phase.model().isCommitted() && mayDeploy(model),
        context.rangeElements(),
        phase.stall(),
        restNote(round),
        counted(cohort),
        clusters(phase.model(), cohort));
  }

  private Clusters clusters(ModelChoice model, List<String> cohort) {
    return context.task().local().split().isPresent()
        ? members.apply(model).told(cohort)
        : Clusters.NONE;
  }

  /** What a site keeps for later counts from when its update is in a version, and only then. */
  private List<Integer> counted(List<String> cohort) {
    if (!context.task().local().scaffold() && !context.task().compression().hasMemory()) {
      return List.of();
    }
    Map<String, Integer> newest = contributed.get();
    return cohort.stream().map(site -> newest.getOrDefault(site, 0)).toList();
  }

  /**
   * The plan that holds now; empty while sites are waited for, nobody paused that, and the task
   * ends for good.
   */
  Optional<Body.Plan> current(RoundState round) {
    return switch (round.stage()) {
      case COLLECTING, FOLDING, COMMITTING ->
          Optional.of(phase(round, engine.phase(round), round.cohort()));
      case HELD -> Optional.of(waiting(round));
      case WAITING ->
          round.isPaused() || context.task().drift() != null
              ? Optional.of(waiting(round))
              : Optional.empty();
      case FINISHED -> Optional.of(finished(round.cohort()));
      case FAILED, ABORTED -> Optional.of(stopped(round));
    };
  }

  /** The plan that holds now, for one more reader of it. */
  Optional<Body.Plan> current(RoundState round, String reader) {
    if (round.stage() == Stage.FINISHED) {
      TreeSet<String> cohort = new TreeSet<>(round.cohort());
      cohort.add(reader);
      return Optional.of(finished(List.copyOf(cohort)));
    }
    return current(round);
  }

  /** Where the current plan stands. */
  Place place(RoundState round) {
    return round.isOver() ? engine.behind(round) : round.place();
  }

  /** No phase is open; the note says if somebody wants it so. */
  Body.Plan waiting(RoundState round) {
    return asksNothing(round, Protocols.WAITING, restNote(round));
  }

  /** The task failed or was aborted. */
  Body.Plan stopped(RoundState round) {
    return asksNothing(round, Protocols.STOPPED, round.problem());
  }

  /** The task is done. */
  Body.Plan finished(List<String> cohort) {
    String finished = Protocols.FINISHED;
    ModelReference model = models.apply(ModelChoice.BEST);
    return new Body.Plan(
        finished,
        finished,
        cohort,
        model,
        mayDeploy(model),
        context.rangeElements(),
        context.task().rounds().stall(),
        "",
        List.of(),
        clusters(ModelChoice.BEST, cohort));
  }

  /**
   * A plan for nobody. Its model is what sites have deployed anyway; version 0 is not worth
   * fetching for it.
   */
  private Body.Plan asksNothing(RoundState round, String request, String note) {
    ModelChoice choice = engine.phase(round).model();
    ModelChoice shown = choice.isCommitted() ? choice : ModelChoice.NEWEST;
    ModelReference model = models.apply(shown);
    return new Body.Plan(
        request,
        request,
        List.of(),
        model,
        model.version() > 0 && mayDeploy(model),
        context.rangeElements(),
        context.task().rounds().stall(),
        bounded(note),
        List.of(),
        clusters(shown, List.of()));
  }

  /**
   * Where models are promoted, what a site deploys is told apart from plans. Where sites
   * standardise by the same statistics, a model without them cannot be run.
   */
  private boolean mayDeploy(ModelReference model) {
    boolean runs = !context.task().standardisesTogether() || !model.statistics().isEmpty();
    return runs && !context.task().promotion().isGated();
  }

  private static String restNote(RoundState round) {
    return round.isPaused() ? bounded("paused by " + round.pausedBy()) : "";
  }

  /** What a person or a site said, short enough for a plan. */
  private static String bounded(String note) {
    String plain = note.replaceAll("\\p{Cntrl}", " ");
    return plain.length() <= NOTE_MOST ? plain : plain.substring(0, NOTE_MOST) + " ...";
  }
}
