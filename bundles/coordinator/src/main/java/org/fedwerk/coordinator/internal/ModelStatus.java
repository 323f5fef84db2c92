// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal;

import java.util.Optional;
import org.fedwerk.api.coordinator.ModelRegistry;
import org.fedwerk.api.status.StatusLine;

/** One line on how a task's models go out. */
final class ModelStatus {
  private ModelStatus() {}

  /** The line; empty for a task that promotes nothing. */
  static Optional<StatusLine> of(Snapshot.TaskFacts task) {
    return task.rollout().map(rollout -> line(task, rollout));
  }

  private static StatusLine line(Snapshot.TaskFacts task, ModelRegistry.Rollout rollout) {
    String subject = "models " + task.run().name();
    String active =
        rollout.active() == null
            ? "no version is active yet"
            : "version " + rollout.active() + " is active";
    if (rollout.version() != null) {
      return new StatusLine(
          subject,
          StatusLine.State.READY,
          active
              + "; version "
              + rollout.version()
              + " goes out, wave "
              + rollout.wave()
              + " of "
              + rollout.waves()
              + (rollout.waitsFor().isEmpty() ? "" : ", waits for " + rollout.waitsFor()));
    }
    return rollout.takenBack().isEmpty()
        ? new StatusLine(subject, StatusLine.State.READY, active)
        : new StatusLine(subject, StatusLine.State.DEGRADED, rollout.takenBack() + "; " + active);
  }
}
