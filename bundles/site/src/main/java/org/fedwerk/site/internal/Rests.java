// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.fedwerk.api.Digest;
import org.fedwerk.api.message.Body.Plan;
import org.fedwerk.api.predict.LearningState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tasks that rest or were stopped, each with what the coordinator noted, shown unless something is
 * under way. For the talk thread.
 */
final class Rests {
  private static final Logger log = LoggerFactory.getLogger(Rests.class);

  private final StateBoard board;
  private final Predicate<Digest> works;
  private final Map<Digest, Rest> resting = new HashMap<>();

  private record Rest(LearningState state, String note) {}

  /**
   * No task rests.
   *
   * @param works true while this site works on an answer for a task
   */
  Rests(StateBoard board, Predicate<Digest> works) {
    this.board = board;
    this.works = works;
  }

  boolean has(Digest task) {
    return resting.containsKey(task);
  }

  /** The task was offered, or a plan came: what was noted before holds no more. */
  void wakes(KnownTask task) {
    if (resting.remove(task.digest()) != null && !works.test(task.digest())) {
      board.learning(task.task().name(), LearningState.IDLE, "");
    }
  }

  /** A plan came, which says whether the task rests. */
  void planned(KnownTask task, Plan plan) {
    boolean stopped = plan.request().equals(PhaseWork.STOPPED);
    if (plan.note().isEmpty() && !stopped) {
      wakes(task);
      return;
    }
    Rest rest =
        stopped
            ? new Rest(LearningState.FAILED, plan.note())
            : new Rest(LearningState.IDLE, plan.note());
    if (!rest.equals(resting.put(task.digest(), rest))) {
      log.info("Task {}: {}", task.task().name(), plan.note());
    }
    show(task);
  }

  /** Shows why nothing begins, unless something is under way. */
  void show(KnownTask task) {
    Rest rest = resting.get(task.digest());
    if (rest != null && !works.test(task.digest())) {
      board.learning(task.task().name(), rest.state(), rest.note());
    }
  }
}
