// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import org.fedwerk.api.message.Body.Plan;
import org.fedwerk.api.message.Position;
import org.fedwerk.api.message.ReplyKey;

/** One plan this site works on. Thread-safe. */
final class Job {
  final KnownTask task;

  /** Its epoch grows when another coordinator takes over and wants the same. */
  volatile Position position;

  final ReplyKey key;

  /** Its model's list of chunks is read before the job runs. */
  volatile Plan plan;

  /** False if its model is deployed only, and nothing is answered. */
  final boolean replies;

  private boolean begun;
  private boolean cancelled;

  Job(KnownTask task, Position position, Plan plan, String site, boolean replies) {
    this.task = task;
    this.position = position;
    this.plan = plan;
    this.replies = replies;
    this.key =
        new ReplyKey(task.digest(), position.round(), position.attempt(), position.phase(), site);
  }

  String name() {
    return task.task().name();
  }

  /** True if a plan of a later epoch asks for the very work that this job does. */
  boolean isAskedForBy(Position later, Plan again) {
    return replies
        && position.isSamePhase(later)
        && plan.request().equals(again.request())
        && plan.model().digest().equals(again.model().digest());
  }

  synchronized void cancel() {
    cancelled = true;
  }

  /** Its model is here and its work begins. */
  synchronized void begin() {
    begun = true;
  }

  /** True while it trains for a task that takes the update also when the round has gone on. */
  synchronized boolean isWorthEnding() {
    return begun
        && !cancelled
        && replies
        && task.takesLate()
        && plan.request().equals(PhaseWork.TRAIN);
  }

  synchronized boolean isCancelled() {
    return cancelled;
  }

  /**
   * Does what must not happen once the job is cancelled.
   *
   * @return false if it was cancelled, and nothing was done
   */
  synchronized boolean unlessCancelled(Runnable step) {
    if (!cancelled) {
      step.run();
    }
    return !cancelled;
  }
}
