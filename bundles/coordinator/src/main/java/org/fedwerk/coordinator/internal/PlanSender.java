// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal;

import java.util.List;
import org.fedwerk.api.Digest;
import org.fedwerk.api.message.Body;
import org.fedwerk.coordinator.internal.outgoing.Outgoing;
import org.fedwerk.coordinator.internal.round.Phase;
import org.fedwerk.coordinator.internal.round.Place;
import org.fedwerk.coordinator.internal.round.RoundState;

/** Sends what one task says to its sites, and counts the bytes. Runner thread only. */
final class PlanSender {
  private final Outgoing outgoing;
  private final Digest task;
  private final RoundBook book;
  private final Plans plans;

  PlanSender(Outgoing outgoing, Digest task, RoundBook book, Plans plans) {
    this.outgoing = outgoing;
    this.task = task;
    this.book = book;
    this.plans = plans;
  }

  /** Sends to one site. */
  void send(String site, Place place, long replyTo, Body body) {
    book.down(outgoing.send(site, task, place, replyTo, body));
  }

  /** Sends the plan of a phase that begins to all. */
  void announce(RoundState round, Place place, Phase phase, List<String> cohort) {
    sendToAll(place, plans.phase(round, phase, cohort), cohort.size());
  }

  /** Sends the plan that holds to all, or that nothing is asked of them yet. */
  void inform(RoundState round) {
    sendToAll(round, plans.current(round).orElseGet(() -> plans.waiting(round)));
  }

  /** Sends the plan that holds to all again. */
  void publish(RoundState round) {
    plans.current(round).ifPresent(plan -> sendToAll(round, plan));
  }

  /** Sends the plan that holds to one more reader of it, if there is one. */
  void publishTo(String site, RoundState round) {
    plans.current(round, site).ifPresent(plan -> send(site, plans.place(round), 0, plan));
  }

  /** Tells all that the task is done. */
  void finish(Place place, List<String> cohort) {
    sendToAll(place, plans.finished(cohort), cohort.size());
  }

  /** Tells all that the task failed or was aborted. */
  void stop(Place place, RoundState round) {
    sendToAll(place, plans.stopped(round), 1);
  }

  private void sendToAll(RoundState round, Body.Plan plan) {
    sendToAll(plans.place(round), plan, Math.max(1, plan.cohort().size()));
  }

  private void sendToAll(Place place, Body.Plan plan, int listeners) {
    int bytes = outgoing.send(null, task, place, 0, plan);
    book.down((long) bytes * listeners);
  }
}
