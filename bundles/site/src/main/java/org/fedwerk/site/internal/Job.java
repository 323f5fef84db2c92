// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.util.concurrent.atomic.AtomicBoolean;
import org.fedwerk.api.message.Body.Plan;
import org.fedwerk.api.message.Position;
import org.fedwerk.api.message.ReplyKey;

/** One phase this site works on. */
final class Job {
  final KnownTask task;
  final Position position;
  final ReplyKey key;
  final Plan plan;
  private final AtomicBoolean cancelled = new AtomicBoolean();

  Job(KnownTask task, Position position, Plan plan, String site) {
    this.task = task;
    this.position = position;
    this.plan = plan;
    this.key =
        new ReplyKey(task.digest(), position.round(), position.attempt(), position.phase(), site);
  }

  void cancel() {
    cancelled.set(true);
  }

  boolean isCancelled() {
    return cancelled.get();
  }
}
