// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import org.fedwerk.api.Digest;
import org.fedwerk.api.task.Task;
import org.fedwerk.api.task.TaskDocument;

/**
 * A task at this site and what its owner decided.
 *
 * @param document the task
 * @param approval the decision
 * @param reason why declined; empty else
 * @param finished true once the coordinator said so
 */
record KnownTask(TaskDocument document, Approval approval, String reason, boolean finished) {
  /** True if the coordinator takes an update of this task also when its round has gone on. */
  boolean takesLate() {
    return task().rounds().late().keeps();
  }

  /** The owner's decision. */
  enum Approval {
    WAITING,
    APPROVED,
    DECLINED;

    String word() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  Task task() {
    return document.task();
  }

  Digest digest() {
    return document.digest();
  }

  boolean isWaiting() {
    return approval == Approval.WAITING;
  }

  boolean isApproved() {
    return approval == Approval.APPROVED;
  }

  KnownTask decided(Approval decision, String why) {
    return new KnownTask(document, decision, why, finished);
  }

  KnownTask goingOn() {
    return new KnownTask(document, approval, reason, false);
  }

  KnownTask ended() {
    return new KnownTask(document, approval, reason, true);
  }
}
