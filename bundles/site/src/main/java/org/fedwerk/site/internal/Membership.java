// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import org.fedwerk.api.Digest;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.message.Body;
import org.fedwerk.api.message.Body.Ready;
import org.fedwerk.api.message.ModelReference;
import org.fedwerk.api.message.Position;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the coordinator in which tasks this site takes part. For the talk thread. */
final class Membership {
  private static final Logger log = LoggerFactory.getLogger(Membership.class);

  private final SiteState state;
  private final Readiness readiness;
  private final BiFunction<KnownTask, Ready, Ready> budget;
  private final StateBoard board;
  private final Mouth mouth;
  private final Set<String> approveOwners;
  private final Predicate<Digest> held;

  /**
   * A membership in no task yet.
   *
   * @param budget what is said of a task whose model may be too slow here
   * @param held true for tasks whose learning state something else tells
   */
  Membership(
      SiteState state,
      Readiness readiness,
      BiFunction<KnownTask, Ready, Ready> budget,
      StateBoard board,
      Mouth mouth,
      Set<String> approveOwners,
      Predicate<Digest> held) {
    this.state = state;
    this.readiness = readiness;
    this.budget = budget;
    this.board = board;
    this.mouth = mouth;
    this.approveOwners = approveOwners;
    this.held = held;
  }

  /**
   * A task was offered.
   *
   * @param named digest that the header names
   * @return the task, kept
   * @throws RefusedException if it is another one's document, or not accepted; the latter is told
   *     to the coordinator too
   */
  KnownTask offered(@Nullable Digest named, Body.TaskOffer offer) throws RefusedException {
    Digest digest = Digest.of(offer.yaml().getBytes(StandardCharsets.UTF_8));
    if (!digest.equals(named)) {
      throw new RefusedException("task", "the document's digest is not the one its header names");
    }
    KnownTask task;
    try {
      task = state.tasks().offer(offer.yaml());
    } catch (RefusedException refused) {
      String reason = "this site does not accept the task: " + refused.getMessage();
      mouth.say(digest, Position.NONE, new Ready(false, reason, 0, 0, 0), "not ready");
      throw refused;
    }
    // An offer is a question: what was said before may be lost with the coordinator that heard it.
    readiness.forget(digest);
    KnownTask decided = byPolicy(task);
    announce(decided);
    return decided;
  }

  /** The owner said no. */
  void declined(KnownTask task) {
    mouth.say(
        task.digest(),
        state.positions().of(task.digest()),
        new Body.Leave(true, "declined by the site's owner"),
        "leaves the task");
    announce(task);
  }

  /** Says what changed since it was said last. */
  void tick() {
    for (KnownTask task : state.tasks().all()) {
      announce(byPolicy(task));
    }
  }

  /** Says everything, as after every connect. */
  void sync() {
    sync(false);
  }

  /** Says everything to a coordinator of a later epoch, which may not know the newest models. */
  void syncWithModels() {
    sync(true);
  }

  private void sync(boolean models) {
    List<Body.TaskStanding> standings =
        state.tasks().all().stream().map(task -> standing(task, models)).toList();
    Body.Sync sync = new Body.Sync(software(), standings);
    mouth.say(null, Position.NONE, sync, "says where it stands");
    readiness.forget();
    tick();
  }

  private Body.TaskStanding standing(KnownTask task, boolean withModel) {
    ModelReference model =
        state.deployments().of(task.digest()).map(Deployment::model).orElse(null);
    return new Body.TaskStanding(
        task.digest(),
        state.positions().of(task.digest()),
        model == null ? null : model.digest(),
        withModel && !task.finished() ? model : null);
  }

  private static String software() {
    String version = Membership.class.getPackage().getImplementationVersion();
    return version == null ? "fedwerk" : "fedwerk " + version;
  }

  private KnownTask byPolicy(KnownTask task) {
    if (!task.isWaiting()
        || task.finished()
        || !approveOwners.contains(task.task().owner())
        || !readiness.mismatches(task).isEmpty()) {
      return task;
    }
    log.info("Task {} is approved by policy: its owner is in approve.owners", task.task().name());
    return state
        .tasks()
        .decide(task.digest(), KnownTask.Approval.APPROVED, "policy approve.owners", "");
  }

  private void announce(KnownTask task) {
    if (task.finished()) {
      return;
    }
    Ready ready = budget.apply(task, readiness.of(task));
    if (readiness.worthTelling(task, ready)) {
      mouth.say(task.digest(), state.positions().of(task.digest()), ready, describe(ready));
      readiness.told(task, ready);
    }
    if (!held.test(task.digest())) {
      board.learning(task.task().name(), Readiness.resting(task, ready), ready.reason());
    }
  }

  private static String describe(Ready ready) {
    return ready.willing()
        ? "ready, examples %d/%d/%d".formatted(ready.train(), ready.validation(), ready.test())
        : "not ready";
  }
}
