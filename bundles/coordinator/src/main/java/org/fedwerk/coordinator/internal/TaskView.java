// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.fedwerk.api.coordinator.Coordination;
import org.fedwerk.api.identity.Identity;
import org.fedwerk.api.message.Body;
import org.fedwerk.api.message.Party;
import org.fedwerk.api.status.StatusLine;
import org.fedwerk.api.task.DriftSpec;
import org.fedwerk.coordinator.internal.round.RoundState;
import org.fedwerk.coordinator.internal.round.Stage;

/** A task as its operator sees it. Runner thread only; what it returns may go anywhere. */
final class TaskView {
  private final TaskRunner runner;
  private final TaskInbox inbox;
  private final SiteBook sites;
  private final Identity identity;

  TaskView(TaskRunner runner, TaskInbox inbox, SiteBook sites, Identity identity) {
    this.runner = runner;
    this.inbox = inbox;
    this.sites = sites;
    this.identity = identity;
  }

  Coordination.TaskRun run() {
    RoundState round = runner.round();
    boolean open =
        switch (round.stage()) {
          case COLLECTING, HELD, FOLDING, COMMITTING -> true;
          case WAITING, FINISHED, FAILED, ABORTED -> false;
        };
    return new Coordination.TaskRun(
        runner.name(),
        runner.context().digest(),
        word(round),
        round.place().round(),
        open ? runner.phase().name() : "",
        waitingFor(),
        runner.registry().models().isEmpty()
            ? Optional.empty()
            : Optional.of(runner.registry().newest().version()),
        round.isPaused() ? "paused by " + round.pausedBy() : round.problem());
  }

  private static String word(RoundState round) {
    if (round.isPaused()) {
      return "paused";
    }
    return switch (round.stage()) {
      case WAITING -> "waiting for sites";
      case COLLECTING, HELD, FOLDING, COMMITTING -> "running";
      case FINISHED -> "finished";
      case FAILED -> "failed";
      case ABORTED -> "aborted";
    };
  }

  private Map<String, String> waitingFor() {
    RoundState round = runner.round();
    Map<String, String> waiting = new TreeMap<>();
    if (round.stage() == Stage.COLLECTING) {
      for (String site : round.cohort()) {
        if (!round.replies().containsKey(site) && !round.left().containsKey(site)) {
          waiting.put(site, doing(site, round));
        }
      }
    } else if (round.stage() == Stage.WAITING) {
      for (Identity.Peer peer : identity.roster()) {
        if (peer.party().role() == Party.Role.SITE && !peer.revoked()) {
          waiting.put(peer.party().id(), said(peer.party().id()));
        }
      }
      inbox.said().keySet().forEach(site -> waiting.put(site, said(site)));
      round.away().forEach(site -> waiting.put(site, "stalled; " + heard(site)));
      round.resting().forEach((site, why) -> waiting.put(site, why + "; " + heard(site)));
      waiting
          .keySet()
          .removeIf(
              site ->
                  round.ready().contains(site)
                      && !round.away().contains(site)
                      && !round.resting().containsKey(site));
    }
    return waiting;
  }

  private String doing(String site, RoundState round) {
    Body.Ready ready = inbox.said().get(site);
    Optional<String> work =
        runner.replies().progress(site).or(() -> inbox.doing(site).map(TaskInbox.Doing::what));
    String what = work.orElse("no sign of work on this phase yet");
    if (ready != null && !ready.willing()) {
      String unwilling = "not willing: " + ready.reason();
      what = work.map(last -> last + "; " + unwilling).orElse(unwilling);
    }
    return (round.away().contains(site) ? "stalled; last: " : "") + what + ", " + heard(site);
  }

  private String heard(String site) {
    SiteBook.Heard heard = sites.of(site);
    return heard == null
        ? "not heard of since the coordinator started"
        : "last heard " + seconds(runner.now() - heard.at()) + " ago";
  }

  private static String seconds(long nanos) {
    return Duration.ofNanos(Math.max(0, nanos)).toSeconds() + " s";
  }

  /** What a site said of the task, for people. */
  String said(String site) {
    Body.Ready ready = inbox.said().get(site);
    if (ready == null) {
      if (runner.round().ready().contains(site)) {
        return "ready";
      }
      return sites.of(site) == null
          ? "not connected, " + heard(site)
          : "nothing said of this task yet, " + heard(site);
    }
    int least = runner.context().task().rounds().examplesLeast();
    String counts = ready.train() + "/" + ready.validation() + "/" + ready.test() + " examples";
    if (!ready.willing()) {
      return "not willing: " + ready.reason();
    }
    return ready.train() < least
        ? "willing, " + counts + ", needs " + least + " for training"
        : "ready, " + counts;
  }

  /** How far an open phase is that waits for nobody in particular. */
  private String buffered() {
    RoundState round = runner.round();
    if (!runner.phase().isBuffered()) {
      return "";
    }
    return " with " + round.arrived(runner.phase()) + " of " + runner.phase().buffer() + " answers";
  }

  /** How many models of subsets of the sites were judged. */
  private String subsets() {
    RoundState round = runner.round();
    return round.protocol().equals(Protocols.CONTRIBUTION) && round.place().phase() > 0
        ? " model " + round.place().phase() + " of " + round.last()
        : "";
  }

  /** Which sites want a task that has ended to go on, and how many must. */
  private String asking() {
    DriftSpec drift = runner.context().task().drift();
    Map<String, String> asked = inbox.asked();
    if (!inbox.rest().isZero()) {
      return "; drift opens no rounds for another "
          + Math.max(1, inbox.rest().toMinutes())
          + " min (drift.rest)";
    }
    return drift == null || asked.isEmpty()
        ? ""
        : "; "
            + asked.size()
            + " of the "
            + drift.quorum()
            + " sites that must have asked for rounds, as their data drift: "
            + asked;
  }

  StatusLine status() {
    RoundState round = runner.round();
    String subject = "task " + runner.name();
    String problem = round.problem().isEmpty() ? "" : "; last attempt: " + round.problem();
    String number = "round " + round.place().round();
    if (round.isPaused()) {
      return new StatusLine(
          subject,
          StatusLine.State.WAITING,
          number + ", paused by " + round.pausedBy() + "; fedwerk:task-resume goes on" + problem);
    }
    return switch (round.stage()) {
      case WAITING ->
          new StatusLine(
              subject,
              StatusLine.State.WAITING,
              number
                  + " waits: "
                  + round.ready().size()
                  + " sites are ready, "
                  + runner.context().task().rounds().cohortLeast()
                  + " are needed, and a quorum of them must be heard of "
                  + waitingFor()
                  + problem);
      case COLLECTING, HELD ->
          new StatusLine(
              subject,
              StatusLine.State.READY,
              number
                  + " "
                  + runner.phase().name()
                  + buffered()
                  + subsets()
                  + ", waiting for "
                  + waitingFor()
                  + problem);
      case FOLDING, COMMITTING ->
          new StatusLine(subject, StatusLine.State.READY, number + " is folded");
      case FINISHED ->
          new StatusLine(
              subject,
              StatusLine.State.READY,
              "finished after " + runner.registry().rounds().size() + " rounds" + asking());
      case FAILED ->
          new StatusLine(
              subject,
              StatusLine.State.DOWN,
              "failed: "
                  + round.problem()
                  + "; mend the cause, then fedwerk:task-retry, or submit it under a new name");
      case ABORTED ->
          new StatusLine(
              subject,
              StatusLine.State.READY,
              round.problem() + "; fedwerk:task-retry goes on with it");
    };
  }
}
