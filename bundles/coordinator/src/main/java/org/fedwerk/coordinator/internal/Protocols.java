// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.fedwerk.api.task.RoundsSpec;
import org.fedwerk.api.task.Task;
import org.fedwerk.coordinator.internal.round.ModelChoice;
import org.fedwerk.coordinator.internal.round.Phase;
import org.fedwerk.coordinator.internal.round.Protocol;
import org.fedwerk.coordinator.internal.round.Rules;

/**
 * The protocols of federated averaging, as data for the round engine. Where all sites standardise
 * by the same statistics, one round merges those before the first training.
 */
final class Protocols {
  static final String STATISTICS = "statistics";
  static final String TRAIN = "train";
  static final String CONTRIBUTION = "contribution";
  static final String FINAL = "final";

  static final String FOLD_STATISTICS = "statistics";
  static final String FOLD_AGGREGATE = "aggregate";
  static final String FOLD_VALIDATION = "validation";
  static final String FOLD_TEST = "test";
  static final String FOLD_NONE = "none";

  /** Keeps updates, and makes the model of the first subset of their sites. */
  static final String FOLD_SUBSETS = "subsets";

  /** Takes down what sites told of a subset's model, and makes that of the next one. */
  static final String FOLD_SUBSET = "subset";

  /** Request of the plan that asks nothing more. */
  static final String FINISHED = "finished";

  /** Request of the plan that asks nothing while no phase is open. */
  static final String WAITING = "waiting";

  /** Request of the plan of a task that failed or was aborted. */
  static final String STOPPED = "stopped";

  private static final int FAILED_FOLDS_MOST = 3;

  private Protocols() {}

  /** Where models are promoted, what sites deploy is told apart from plans, so no phase asks it. */
  static Rules rules(Task task) {
    RoundsSpec rounds = task.rounds();
    Protocol train =
        new Protocol(
            TRAIN, List.of(training(rounds), validation(rounds)), !rounds.cohort().isEverybody());
    Phase test = phase("test", FOLD_TEST, ModelChoice.BEST, rounds);
    Phase deploy = phase("deploy", FOLD_NONE, ModelChoice.BEST, rounds);
    Protocol last =
        new Protocol(FINAL, task.promotion().isGated() ? List.of(test) : List.of(test, deploy));
    Protocol before = new Protocol(STATISTICS, List.of(statistics(rounds)));
    return new Rules(
        rounds.cohortLeast(),
        rounds.examplesLeast(),
        Map.of(STATISTICS, before, TRAIN, train, CONTRIBUTION, contribution(rounds), FINAL, last),
        task.standardisesTogether() ? STATISTICS : TRAIN,
        TRAIN,
        FAILED_FOLDS_MOST,
        task.drift() == null ? 0 : task.drift().quorum());
  }

  /** Nothing of it is committed: models of subsets are judged, one a phase, and dropped. */
  private static Protocol contribution(RoundsSpec rounds) {
    Phase train = phase("train", FOLD_SUBSETS, ModelChoice.BEST, rounds);
    Phase evaluate = phase("evaluate", FOLD_SUBSET, ModelChoice.CANDIDATE, rounds);
    return new Protocol(CONTRIBUTION, List.of(train, evaluate), false, true);
  }

  /** True if a task's training has ended when the protocol runs. */
  static boolean isAfterTraining(String protocol) {
    return protocol.equals(CONTRIBUTION) || protocol.equals(FINAL);
  }

  /** True if what is folded are updates. */
  static boolean takesUpdates(String fold) {
    return fold.equals(FOLD_AGGREGATE) || fold.equals(FOLD_SUBSETS);
  }

  /** Of all ready sites: whoever is left out now is never asked again. */
  private static Phase statistics(RoundsSpec rounds) {
    return phase("statistics", FOLD_STATISTICS, ModelChoice.NEWEST, rounds);
  }

  private static Phase training(RoundsSpec rounds) {
    Phase plain = phase("train", FOLD_AGGREGATE, ModelChoice.NEWEST, rounds);
    int lateMost = rounds.late().keeps() ? rounds.late().most() : Phase.NONE_LATE;
    return with(plain, rounds.buffer(), lateMost);
  }

  /** Of an asynchronous task it is closed by those who are free; others are still training. */
  private static Phase validation(RoundsSpec rounds) {
    Phase plain = phase("evaluate", FOLD_VALIDATION, ModelChoice.CANDIDATE, rounds);
    int enough = rounds.quorum() > 0 ? rounds.quorum() : rounds.buffer();
    return with(plain, rounds.isAsynchronous() ? enough : 0, Phase.NONE_LATE);
  }

  private static Phase with(Phase plain, int buffer, int lateMost) {
    return new Phase(
        plain.name(),
        plain.request(),
        plain.fold(),
        plain.model(),
        plain.quorum(),
        plain.stall(),
        plain.longest(),
        buffer,
        lateMost);
  }

  private static Phase phase(String request, String fold, ModelChoice model, RoundsSpec rounds) {
    Duration stall = rounds.stall();
    return new Phase(request, request, fold, model, rounds.quorum(), stall, rounds.longest());
  }
}
