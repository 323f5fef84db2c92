// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.fedwerk.api.Digest;
import org.fedwerk.api.Refusal;
import org.fedwerk.api.data.ExampleSource;
import org.fedwerk.api.message.Body.Ready;
import org.fedwerk.api.predict.LearningState;
import org.fedwerk.api.task.Task;
import org.fedwerk.site.internal.KnownTask.Approval;

/**
 * Finds out whether this site takes part in a task, and when that is worth telling again. For one
 * thread.
 */
final class Readiness {
  private static final long COUNTS_AGAIN_NANOS = Duration.ofSeconds(5).toNanos();

  private final ExampleSource examples;
  private final LongSupplier nanoTime;
  private final Function<Task, Optional<String>> closed;
  private final Map<Digest, Told> told = new HashMap<>();

  private record Told(Ready ready, long at) {}

  /**
   * A site that has told nothing yet.
   *
   * @param closed why the site works for no round of a task, or not at this time; empty if it does
   */
  Readiness(
      ExampleSource examples, LongSupplier nanoTime, Function<Task, Optional<String>> closed) {
    this.examples = examples;
    this.nanoTime = nanoTime;
    this.closed = closed;
  }

  /** The fields in which this site's data differ from the task's schema. */
  List<Refusal> mismatches(KnownTask task) {
    return examples.mismatches(task.task().schema());
  }

  /** How this site stands to a task now. Counts are disclosed only once the task is approved. */
  Ready of(KnownTask task) {
    List<Refusal> mismatches = mismatches(task);
    if (!mismatches.isEmpty()) {
      return unwilling(
          mismatches.stream().map(Refusal::toString).collect(Collectors.joining("; ")));
    }
    if (!task.isApproved()) {
      return unwilling(
          task.approval() == Approval.WAITING
              ? "waits for the approval of the site's owner"
              : "declined by the site's owner");
    }
    Optional<String> notNow = closed.apply(task.task());
    if (notNow.isPresent()) {
      return unwilling(notNow.get());
    }
    int[] counts = examples.counts(task.task().schema());
    return new Ready(true, "", counts[0], counts[1], counts[2]);
  }

  private static Ready unwilling(String reason) {
    return new Ready(false, reason, 0, 0, 0);
  }

  /**
   * True if the coordinator should hear of it: something changed that matters, or counts moved for
   * a while.
   */
  boolean worthTelling(KnownTask task, Ready now) {
    Told before = told.get(task.digest());
    if (before == null
        || before.ready().willing() != now.willing()
        || !before.ready().reason().equals(now.reason())) {
      return true;
    }
    int least = task.task().rounds().examplesLeast();
    if (before.ready().train() < least && now.train() >= least) {
      return true;
    }
    return !before.ready().equals(now) && nanoTime.getAsLong() - before.at() > COUNTS_AGAIN_NANOS;
  }

  void told(KnownTask task, Ready now) {
    told.put(task.digest(), new Told(now, nanoTime.getAsLong()));
  }

  /** What was told of one task is worth telling again. */
  void forget(Digest task) {
    told.remove(task);
  }

  /** Everything is worth telling again. */
  void forget() {
    told.clear();
  }

  /** The learning state of a task that does no work just now. */
  static LearningState resting(KnownTask task, Ready ready) {
    if (!ready.willing()) {
      return LearningState.IDLE;
    }
    return ready.train() < task.task().rounds().examplesLeast()
        ? LearningState.COLLECTING
        : LearningState.READY;
  }
}
