// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal;

import java.time.Instant;
import java.util.Optional;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.coordinator.ModelRegistry.State;
import org.fedwerk.coordinator.internal.models.Lifecycle;
import org.fedwerk.coordinator.internal.models.Step;
import org.fedwerk.coordinator.internal.registry.Registry;

/** What a person may order of a task's models, and when; an order that fits is a step. */
final class ModelOrders {
  private final TaskContext context;
  private final Lifecycle lifecycle;
  private final Registry registry;

  ModelOrders(TaskContext context, Lifecycle lifecycle, Registry registry) {
    this.context = context;
    this.lifecycle = lifecycle;
    this.registry = registry;
  }

  /**
   * The step that an order comes to; empty for a promotion, which the rollout's own rules turn into
   * steps.
   *
   * @throws RefusedException if it does not fit, with what can be done instead
   */
  Optional<Step> step(ModelOrder order, Instant at) throws RefusedException {
    if (!context.task().promotion().isGated()) {
      throw refused(
          "the task has no group promotion, so its rounds decide what sites deploy; submit it anew"
              + " with one");
    }
    return switch (order.kind()) {
      case APPROVE -> {
        Lifecycle.Entry entry = entry(order.version());
        if (entry.state() != State.CANDIDATE) {
          throw refused(named(entry) + "; only a candidate is approved");
        }
        kept(order.version());
        yield Optional.of(new Step.Approved(order.version(), order.by(), order.reason(), at));
      }
      case PROMOTE -> {
        promotable(entry(order.version()));
        yield Optional.empty();
      }
      case RETIRE -> {
        Lifecycle.Entry entry = entry(order.version());
        boolean goes =
            lifecycle.going().filter(now -> now.version() == order.version()).isPresent();
        if (goes || entry.state() == State.ACTIVE) {
          throw refused(named(entry) + "; fedwerk:rollout --back takes it back from the sites");
        }
        if (entry.state() == State.RETIRED) {
          throw refused(named(entry) + " already");
        }
        yield Optional.of(new Step.Retired(order.version(), order.by(), order.reason(), at));
      }
      case PASS -> {
        Lifecycle.Going now =
            lifecycle.going().orElseThrow(() -> refused("no version goes out to the sites now"));
        yield Optional.of(
            new Step.GatePassed(now.version(), now.wave(), order.by(), order.reason(), at));
      }
      case BACK -> Optional.of(back(order, at));
    };
  }

  private void promotable(Lifecycle.Entry entry) throws RefusedException {
    if (lifecycle.going().isPresent()) {
      throw refused(
          "version "
              + lifecycle.going().get().version()
              + " goes out now; fedwerk:rollout tells how far it is and takes it back with --back");
    }
    switch (entry.state()) {
      case CANDIDATE ->
          throw refused(named(entry) + "; approve it first with fedwerk:model-approve");
      case ACTIVE -> throw refused(named(entry) + " already");
      case APPROVED, RETIRED -> kept(entry.version());
    }
  }

  private Step back(ModelOrder order, Instant at) throws RefusedException {
    Optional<Lifecycle.Going> now = lifecycle.going();
    if (now.isPresent()) {
      return new Step.RolledBack(
          now.get().version(), lifecycle.active(), order.by(), order.reason(), at);
    }
    if (lifecycle.active().isEmpty() || lifecycle.before().isEmpty()) {
      throw refused("no version goes out, and none was active before the active one");
    }
    kept(lifecycle.before().get());
    return new Step.RolledBack(
        lifecycle.active().get(), lifecycle.before(), order.by(), order.reason(), at);
  }

  private Lifecycle.Entry entry(int version) throws RefusedException {
    if (version == 0) {
      throw refused("version 0 is made from the seed; no round has judged it");
    }
    return lifecycle
        .entry(version)
        .orElseThrow(
            () -> refused("the task has no version " + version + "; fedwerk:models lists them"));
  }

  private void kept(int version) throws RefusedException {
    if (registry.find(version).isEmpty()) {
      throw refused(
          "the bytes of version "
              + version
              + " are kept no more; kept are the newest two, the best, and what is approved, active"
              + " or was active last");
    }
  }

  private static String named(Lifecycle.Entry entry) {
    return "version " + entry.version() + " is " + entry.state().word();
  }

  private static RefusedException refused(String why) {
    return new RefusedException("model", why);
  }
}
