// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;
import org.fedwerk.api.Digest;
import org.fedwerk.api.message.Body;
import org.fedwerk.api.message.Position;
import org.fedwerk.api.task.DriftSpec;

/**
 * Sees that there is something to compare parts with, and asks the coordinator for rounds of tasks
 * that have ended and whose parts drift, until a round comes. Rounds under way bring what a request
 * would, so nothing is asked of a task that goes on. For the talk thread.
 */
final class DriftDesk {
  private static final long AGAIN_NANOS = Duration.ofMinutes(10).toNanos();

  private final SiteState state;
  private final DriftWatch watch;
  private final DriftReferences references;
  private final boolean allowed;
  private final Mouth mouth;
  private final Executor worker;
  private final LongSupplier nanoTime;
  private final Map<Digest, Long> told = new HashMap<>();

  /** For which deployment of a task, and after how many deletions, the worker was asked last. */
  private final Map<Digest, Referred> referred = new HashMap<>();

  private record Referred(Deployment deployment, int forgotten) {}

  /**
   * Nothing was asked.
   *
   * @param allowed true if the site's owner lets it ask
   */
  DriftDesk(
      SiteState state,
      DriftWatch watch,
      DriftReferences references,
      boolean allowed,
      Mouth mouth,
      Executor worker,
      LongSupplier nanoTime) {
    this.state = state;
    this.watch = watch;
    this.references = references;
    this.allowed = allowed;
    this.mouth = mouth;
    this.worker = worker;
    this.nanoTime = nanoTime;
  }

  /** The link is there again: nobody may have heard what was said before. */
  void connected() {
    told.clear();
  }

  /** A plan came: its coordinator may have been started anew, and not have heard. */
  void planned(Digest task) {
    told.remove(task);
  }

  /** Says what is due. */
  void tick() {
    for (KnownTask task : state.tasks().all()) {
      DriftSpec drift = task.task().drift();
      if (drift != null) {
        state.deployments().of(task.digest()).ifPresent(each -> refer(each, drift));
        tick(task);
      }
    }
  }

  /** A model that parts are to be predicted with needs something to compare them with. */
  private void refer(Deployment deployment, DriftSpec drift) {
    Digest task = deployment.task().digest();
    Referred now = new Referred(deployment, state.drift().forgotten());
    if (state.drift().find(task, deployment.model().digest()).isEmpty()
        && !now.equals(referred.put(task, now))) {
      try {
        worker.execute(() -> references.keep(deployment, drift));
      } catch (RejectedExecutionException stopping) {
        referred.remove(task);
      }
    }
  }

  private void tick(KnownTask task) {
    Position now = state.positions().of(task.digest());
    Optional<DriftFinding> found =
        state
            .deployments()
            .of(task.digest())
            .filter(each -> task.finished() && task.isApproved())
            .flatMap(each -> watch.lasting(task, each.model().digest()));
    if (!allowed) {
      watch.answer(task, found.isPresent() ? "asks for no rounds: drift.requests = false" : "");
      return;
    }
    Optional<DriftBook.Asked> standing = standing(task, now);
    if (standing.isEmpty() && found.isPresent()) {
      keep(task, now, found.get());
      standing = standing(task, now);
    }
    watch.answer(task, standing.isPresent() ? "asks for rounds" : "");
    standing.filter(each -> isDue(task.digest())).ifPresent(each -> ask(now, each));
  }

  /** A request stands until a round comes. */
  private Optional<DriftBook.Asked> standing(KnownTask task, Position now) {
    return state
        .drift()
        .asked(task.digest())
        .filter(each -> task.finished() && each.round() == now.round());
  }

  private void keep(KnownTask task, Position now, DriftFinding found) {
    Digest model = state.deployments().of(task.digest()).orElseThrow().model().digest();
    String method = found.spec().method().word();
    state
        .drift()
        .ask(new DriftBook.Asked(task.digest(), model, now.round(), method, found.metrics()));
  }

  private boolean isDue(Digest task) {
    Long last = told.get(task);
    return last == null || nanoTime.getAsLong() - last >= AGAIN_NANOS;
  }

  private void ask(Position now, DriftBook.Asked asked) {
    told.put(asked.task(), nanoTime.getAsLong());
    mouth.say(
        asked.task(),
        now,
        new Body.Drift(asked.model(), asked.method(), asked.metrics()),
        "asks for rounds, drift by " + asked.method());
  }
}
