// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.fedwerk.api.Digest;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.learn.Architectures;
import org.fedwerk.api.learn.Network;
import org.fedwerk.api.learn.Normalisation;
import org.fedwerk.api.message.Chunk;
import org.fedwerk.api.message.Float32;
import org.fedwerk.api.message.ModelReference;
import org.fedwerk.api.store.Blobs;
import org.fedwerk.api.store.Journal;
import org.fedwerk.site.internal.Standing.Act;
import org.fedwerk.site.internal.Standing.Held;
import org.fedwerk.site.internal.Standing.What;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The deployment of each task and the one before it, on disk, so that a site predicts with its last
 * model when everything else is gone, and goes back at once when a person says so. Nothing here
 * asks for a certificate or for the time: what was accepted once is good for ever. Thread-safe.
 */
final class Deployments {
  private static final Logger log = LoggerFactory.getLogger(Deployments.class);

  private final StandingBook book;
  private final Blobs blobs;
  private final Architectures architectures;
  private final PersonalModels personal;
  private final TaskBook tasks;
  private final Clock clock;
  private final Map<Digest, Loaded> loaded = new HashMap<>();

  /** Going back keeps what is kept, so only a new model and a retired one change it. */
  private Set<Digest> needed = Set.of();

  /** What a task's standing means as vectors in memory. */
  private record Loaded(Deployment active, @Nullable Deployment previous) {
    Stream<Deployment> all() {
      return Stream.of(active, previous).flatMap(Stream::ofNullable);
    }
  }

  /**
   * Opens what is on disk.
   *
   * @param clock for the times that people see
   */
  Deployments(
      Journal journal,
      Blobs blobs,
      Architectures architectures,
      PersonalModels personal,
      TaskBook tasks,
      Clock clock) {
    book = new StandingBook(journal);
    this.blobs = blobs;
    this.architectures = architectures;
    this.personal = personal;
    this.tasks = tasks;
    this.clock = clock;
    for (Digest digest : book.tasks()) {
      tasks.find(digest).ifPresent(this::restore);
    }
    needed = book.blobs();
  }

  private void restore(KnownTask task) {
    Standing standing = book.of(task.digest());
    if (standing.held().findAny().isEmpty()) {
      return;
    }
    Deployment active = load(task, standing.active());
    Deployment previous = load(task, standing.previous());
    if (active == null && previous != null && standing.pin() == null) {
      log.warn(
          "The last model of task {} cannot be read back from the blob store; version {} from before it predicts until the next one comes",
          task.task().name(),
          previous.model().version());
      book.assume(task.digest(), standing.fallenBack());
      loaded.put(task.digest(), new Loaded(previous, null));
    } else if (active == null) {
      log.warn(
          "The last model of task {} cannot be read back from the blob store; this site predicts again after the next round{}",
          task.task().name(),
          standing.pin() == null ? "" : ", once fedwerk:model-pin --off lets its model in");
    } else {
      loaded.put(task.digest(), new Loaded(active, previous));
    }
  }

  private @Nullable Deployment load(KnownTask task, @Nullable Held held) {
    if (held == null) {
      return null;
    }
    Optional<Normalisation> local = book.normalisation(task.digest(), held.localRevision());
    Optional<float[]> vector = assemble(held.model());
    return local.isEmpty() || vector.isEmpty()
        ? null
        : deployment(task, held, vector.get(), local.get());
  }

  private Deployment deployment(KnownTask task, Held held, float[] vector, Normalisation local) {
    Network network = network(task);
    float[] runs = personal.runs(task, network, vector, held.model().version());
    double threshold = personal.threshold(task, held.model().version());
    return new Deployment(
        task, network, runs, local, held.model(), held.localRevision(), threshold);
  }

  /** The architecture of a task that was accepted before. */
  Network network(KnownTask task) {
    try {
      return architectures.network(task.task().model(), task.task().schema());
    } catch (RefusedException changed) {
      throw new IllegalStateException(
          "the model of task "
              + task.task().name()
              + " is no longer accepted: "
              + changed.getMessage(),
          changed);
    }
  }

  /** The vector of a model whose chunks are all here; empty if one is missing or of wrong size. */
  Optional<float[]> assemble(ModelReference model) {
    float[] vector = new float[model.parameters().size()];
    for (Chunk chunk : model.parameters().chunks()) {
      Optional<byte[]> bytes = blobs.get(chunk.digest());
      if (bytes.isEmpty() || bytes.get().length != Float.BYTES * chunk.count()) {
        return Optional.empty();
      }
      Float32.decode(bytes.get(), vector, chunk.from(), chunk.count());
    }
    return Optional.of(vector);
  }

  /** The site's normalisation for a task, if it was fitted. */
  synchronized Optional<Normalisation> normalisation(KnownTask task) {
    return book.normalisation(task.digest(), book.newestRevision(task.digest()));
  }

  /** Keeps a fitted normalisation as the next local revision. */
  synchronized void normalise(KnownTask task, Normalisation fitted) {
    book.normalise(task.digest(), fitted);
  }

  /** True if a committed model would become the active deployment, which it is not yet. */
  synchronized boolean isNew(KnownTask task, ModelReference model) {
    return pin(task).isEmpty()
        && of(task.digest()).filter(each -> each.model().digest().equals(model.digest())).isEmpty();
  }

  /**
   * Makes a committed model the active deployment; the normalisation must be there. Nothing happens
   * if it is active already, or if a person holds another one.
   *
   * @return what is active now; empty if a person holds the deployment of an earlier task of this
   *     name
   */
  synchronized Optional<Deployment> activate(KnownTask task, ModelReference model, float[] vector) {
    Normalisation local =
        normalisation(task)
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "task " + task.task().name() + " has no normalisation at this site yet"));
    ModelReference whole = model.with(Optional.empty());
    Held next = new Held(whole, book.newestRevision(task.digest()));
    Held now = book.of(task.digest()).active();
    boolean runs = loaded.containsKey(task.digest()) && now != null && now.sameAs(next);
    if (!runs && pin(task).isEmpty()) {
      switchTo(task, next, deployment(task, next, vector, local), What.DEPLOYED, "");
      retire(task);
      needed = book.blobs();
    }
    return of(task.digest());
  }

  /**
   * Makes the deployment before the active one the active one again if it is of a model, so that
   * nothing has to be fetched or loaded. Nothing happens if a person holds the active one.
   *
   * @return true if it was switched to
   */
  synchronized boolean resume(KnownTask task, Digest model) {
    Loaded now = loaded.get(task.digest());
    Held back = book.of(task.digest()).previous();
    if (now == null || now.previous() == null || back == null || pin(task).isPresent()) {
      return false;
    }
    if (!back.model().digest().equals(model)) {
      return false;
    }
    switchTo(task, back, now.previous(), What.DEPLOYED, "");
    return true;
  }

  /**
   * Ends the deployment of a task: nothing predicts any more. Nothing happens if a person holds it.
   *
   * @return true if there was one
   */
  synchronized boolean withdraw(KnownTask task) {
    if (!loaded.containsKey(task.digest()) || pin(task).isPresent()) {
      return false;
    }
    book.keep(task.digest(), book.of(task.digest()).withdrawn());
    loaded.remove(task.digest());
    needed = book.blobs();
    return true;
  }

  /**
   * Goes back to the deployment before the active one, and holds it.
   *
   * @throws RefusedException if there is none
   */
  synchronized Deployment rollBack(KnownTask task, String by) throws RefusedException {
    Loaded now = required(task);
    Held back = book.of(task.digest()).previous();
    if (back == null || now.previous() == null) {
      throw new RefusedException(
          "model",
          "this site has no deployment of task "
              + task.task().name()
              + " from before the active one");
    }
    return switchTo(task, back, now.previous(), What.ROLLED_BACK, by);
  }

  /**
   * Holds a deployment against later models, and makes it the active one.
   *
   * @param wanted version, or at least 6 digits of the global digest; null for the active one
   * @throws RefusedException if it is not here
   */
  synchronized Deployment pin(KnownTask task, @Nullable String wanted, String by)
      throws RefusedException {
    Loaded now = required(task);
    Deployment chosen =
        now.all()
            .filter(each -> wanted == null || names(each.model(), wanted))
            .findFirst()
            .orElseThrow(
                () ->
                    new RefusedException(
                        "model",
                        "\""
                            + wanted
                            + "\" is not loaded here; loaded are "
                            + now.all().map(Deployments::named).toList()));
    return switchTo(
        task, new Held(chosen.model(), chosen.localRevision()), chosen, What.PINNED, by);
  }

  private static boolean names(ModelReference model, String wanted) {
    return wanted.equals(Integer.toString(model.version()))
        || (wanted.length() >= 6 && model.digest().hex().startsWith(wanted));
  }

  private static String named(Deployment deployment) {
    return "version "
        + deployment.model().version()
        + " ("
        + deployment.model().digest().brief()
        + ")";
  }

  /**
   * Lets the next committed model take the place of the active one.
   *
   * @throws RefusedException if nobody holds it
   */
  synchronized void release(KnownTask task, String by) throws RefusedException {
    if (book.of(task.digest()).pin() == null) {
      throw new RefusedException(
          "model", "nobody holds the deployment of task " + task.task().name());
    }
    book.keep(task.digest(), book.of(task.digest()).released(clock.instant(), by));
  }

  private Loaded required(KnownTask task) throws RefusedException {
    Loaded now = loaded.get(task.digest());
    if (now == null) {
      throw new RefusedException(
          "model", "task " + task.task().name() + " has no deployment at this site");
    }
    return now;
  }

  /** The record is on disk before anything predicts with the model. */
  private Deployment switchTo(KnownTask task, Held next, Deployment with, What what, String by) {
    Digest digest = task.digest();
    book.keep(digest, book.of(digest).switched(next, what, clock.instant(), by));
    Loaded before = loaded.get(digest);
    if (before == null) {
      loaded.put(digest, new Loaded(with, null));
    } else if (before.active() != with) {
      loaded.put(digest, new Loaded(with, before.active()));
    }
    return with;
  }

  /** A task that was submitted anew under the same name takes the place of the one before. */
  private void retire(KnownTask successor) {
    for (Digest each : book.tasks()) {
      if (!each.equals(successor.digest()) && isNamed(each, successor)) {
        book.retire(each);
        loaded.remove(each);
      }
    }
  }

  private boolean isNamed(Digest digest, KnownTask like) {
    return tasks
        .find(digest)
        .filter(task -> task.task().name().equals(like.task().name()))
        .isPresent();
  }

  synchronized Optional<Deployment> of(Digest task) {
    return Optional.ofNullable(loaded.get(task)).map(Loaded::active);
  }

  /** What a task may go back to. */
  synchronized Optional<Deployment> previous(Digest task) {
    return Optional.ofNullable(loaded.get(task)).map(Loaded::previous);
  }

  /** What predicts now. */
  synchronized List<Deployment> all() {
    return loaded.values().stream().map(Loaded::active).toList();
  }

  /** What predicts now and what it may go back to. */
  synchronized List<Deployment> kept() {
    return loaded.values().stream().flatMap(Loaded::all).toList();
  }

  /** Who holds the deployment of a task, or of an earlier task of its name. */
  synchronized Optional<Act> pin(KnownTask task) {
    return book.tasks().stream()
        .filter(each -> isNamed(each, task))
        .map(each -> book.of(each).pin())
        .flatMap(Stream::ofNullable)
        .findFirst();
  }

  /** What happened to a task's deployment, oldest first, and how it stands. */
  synchronized Standing history(Digest task) {
    return book.of(task);
  }

  /** The active deployment in words; empty if there is none. */
  synchronized String describe(KnownTask task) {
    return of(task.digest())
        .map(
            each ->
                "model version "
                    + each.model().version()
                    + cluster(task, each.model().version())
                    + each.alarm()
                    + pin(task).map(Deployments::held).orElse(""))
        .orElse("");
  }

  private String cluster(KnownTask task, int version) {
    int clusters = task.task().local().clusters();
    return clusters > 1
        ? ", cluster " + (personal.cluster(task, version) + 1) + " of " + clusters
        : "";
  }

  private static String held(Act pin) {
    return ", "
        + (pin.what() == What.ROLLED_BACK ? "rolled back and pinned" : "pinned")
        + " by "
        + pin.by();
  }

  /** True if a chunk belongs to what predicts now or to what it may go back to. */
  synchronized boolean needs(Digest chunk) {
    return needed.contains(chunk);
  }
}
