// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal;

import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.fedwerk.api.Digest;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.identity.Identity;
import org.fedwerk.api.message.Body;
import org.fedwerk.api.status.StatusLine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One task, which fails alone: after trouble with its store it rests until the next tick and is
 * then read anew from its journal. After a restore it asks the sites where it stands before it goes
 * on. Runner thread only.
 */
final class GuardedTask {
  private static final Logger LOG = LoggerFactory.getLogger(GuardedTask.class);

  private final TaskRunner runner;
  private final TaskInbox inbox;
  private final TaskView view;
  private final Runnable recovered;
  private String trouble = "";

  /** What is asked before a restored task goes on. */
  private Optional<Recovery> recovery = Optional.empty();

  private interface Following {
    void follow() throws RefusedException;
  }

  /**
   * A task that was read; nothing is sent yet.
   *
   * @param recovered runs each time a restored task goes on
   */
  GuardedTask(TaskRunner runner, SiteBook sites, Identity identity, Runnable recovered) {
    this.runner = runner;
    this.recovered = recovered;
    inbox = new TaskInbox(runner);
    view = new TaskView(runner, inbox, sites, identity);
  }

  Digest digest() {
    return runner.context().digest();
  }

  String name() {
    return runner.name();
  }

  boolean isOver() {
    return runner.round().isOver();
  }

  /** True until it is known where the restored task stands. */
  boolean isRecovering() {
    return recovery.isPresent();
  }

  /** Goes on where the journal ends. */
  void resume() {
    guard(runner::resume);
  }

  /** Asks the sites first, as the journal may end before what was sent; a task that is over not. */
  void recover() {
    if (isOver()) {
      resume();
    } else {
      recovery = Optional.of(new Recovery(runner));
    }
  }

  /** What a restored task asks; goes on with the task once that is answered. */
  private void recover(Consumer<Recovery> step) {
    guard(
        () -> {
          Recovery open = recovery.orElseThrow();
          step.accept(open);
          if (!open.isOpen()) {
            recovery = Optional.empty();
            runner.resume();
            inbox.linkBack();
            recovered.run();
          }
        });
  }

  /** Offers the task to all sites. */
  void offer() {
    guard(inbox::offer);
  }

  /**
   * Does nothing for a task that can be written.
   *
   * @throws RefusedException if the task rests
   */
  void requireNoTrouble() throws RefusedException {
    if (!trouble.isEmpty()) {
      throw new RefusedException(
          "task", name() + " rests, its state cannot be written: " + trouble);
    }
  }

  /**
   * Follows a person's order.
   *
   * @throws RefusedException if the task's state does not allow it
   */
  void order(Orders.Order order) throws RefusedException {
    if (recovery.isPresent()) {
      restored(recovery.get(), order);
      return;
    }
    follow(() -> runner.order(order));
    if (order.kind() == Orders.Kind.RETRY) {
      offer();
    }
  }

  /**
   * Follows a person's order about the task's models.
   *
   * @throws RefusedException if their state does not allow it
   */
  void order(ModelOrder order) throws RefusedException {
    if (recovery.isPresent()) {
      throw new RefusedException("task", name() + " was " + recovery.get().words());
    }
    follow(() -> runner.models().order(order));
  }

  /** A task of a restored coordinator goes on only when it is resumed. */
  private void restored(Recovery open, Orders.Order order) throws RefusedException {
    if (order.kind() != Orders.Kind.RESUME) {
      throw new RefusedException("task", name() + " was " + open.words());
    }
    runner
        .services()
        .audit()
        .record(name() + " goes on by " + order.by() + ", was " + open.words());
    recover(Recovery::proceed);
  }

  private void follow(Following order) throws RefusedException {
    RefusedException[] refused = new RefusedException[1];
    guard(
        () -> {
          try {
            order.follow();
          } catch (RefusedException no) {
            refused[0] = no;
          }
        });
    if (refused[0] != null) {
      throw refused[0];
    }
    if (!trouble.isEmpty()) {
      throw new RefusedException(
          "task", name() + " could not follow, its state cannot be written: " + trouble);
    }
  }

  /** The link is there. */
  void connected() {
    guard(recovery.isPresent() ? inbox::offer : inbox::linkBack);
  }

  /**
   * A message about the task came; until it is known where a restored task stands, it is not heard.
   */
  void received(int bytes, Consumer<TaskInbox> message) {
    runner.book().up(bytes);
    if (recovery.isEmpty()) {
      guard(() -> message.accept(inbox));
    }
  }

  /** A chunk came. */
  void chunk(String site, byte[] payload) {
    runner.book().up(payload.length);
    if (recovery.isPresent()) {
      recover(open -> open.chunk(payload));
    } else {
      guard(() -> inbox.chunk(site, payload));
    }
  }

  /** A site told where it stands. */
  void sync(String site, Body.Sync sync) {
    Optional<Body.TaskStanding> standing =
        sync.tasks().stream().filter(known -> known.task().equals(digest())).findFirst();
    if (recovery.isPresent()) {
      recover(
          open -> {
            if (!open.heard(site, standing)) {
              // An offer of this epoch makes the site say what its model is made of.
              inbox.offer();
            }
          });
    } else {
      guard(() -> inbox.sync(site, standing.orElse(null)));
    }
  }

  /** Time went on, and the link is there. */
  void tick() {
    if (recovery.isPresent()) {
      recover(
          open -> {
            open.tick();
            if (open.asksAgain()) {
              inbox.offer();
            }
          });
    } else {
      guard(inbox::tick);
    }
  }

  /** Reads a task that rests anew from its journal. */
  void reloadAfterTrouble() {
    if (!trouble.isEmpty()) {
      String before = trouble;
      trouble = "";
      if (recovery.isEmpty()) {
        guard(runner::reload, before);
      }
    }
  }

  private void guard(Runnable act) {
    guard(act, "");
  }

  /** Whatever the reason of a trouble was, the task starts anew from its journal. */
  private void guard(Runnable act, String before) {
    if (!trouble.isEmpty()) {
      return;
    }
    try {
      act.run();
    } catch (UncheckedIOException full) {
      trouble = String.valueOf(full.getMessage());
      if (!trouble.equals(before)) {
        LOG.error("task {} rests, its state cannot be written: {}", name(), trouble);
      }
    } catch (RuntimeException failed) {
      trouble = String.valueOf(failed.getMessage());
      if (!trouble.equals(before)) {
        LOG.error("task {} stops and starts anew from its journal", name(), failed);
      }
    }
  }

  /** What there is to see now, with what each of the sites said. */
  Snapshot.TaskFacts facts(Collection<String> sites) {
    Map<String, String> said = new TreeMap<>();
    for (String site : sites) {
      said.put(site, view.said(site));
    }
    return new Snapshot.TaskFacts(
        view.run(),
        status(),
        runner.registry().rounds(),
        runner.registry()::history,
        runner.registry().models(),
        runner.acts(),
        said,
        runner.round().away(),
        runner.models().versions(),
        runner.models().rollout());
  }

  private StatusLine status() {
    if (!trouble.isEmpty()) {
      return degraded(trouble + "; it is tried again from the journal");
    }
    return recovery.map(open -> degraded(open.words())).orElseGet(view::status);
  }

  private StatusLine degraded(String detail) {
    return new StatusLine("task " + name(), StatusLine.State.DEGRADED, detail);
  }
}
