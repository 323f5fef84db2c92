// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.fedwerk.api.coordinator.Coordination;
import org.fedwerk.api.message.Body;
import org.fedwerk.api.status.StatusLine;
import org.fedwerk.coordinator.internal.round.RoundState;
import org.fedwerk.coordinator.internal.round.Stage;

/** A task as its operator sees it. Runner thread only; what it returns may go anywhere. */
final class TaskView {
  private final TaskRunner runner;
  private final TaskInbox inbox;

  TaskView(TaskRunner runner, TaskInbox inbox) {
    this.runner = runner;
    this.inbox = inbox;
  }

  Coordination.TaskRun run() {
    RoundState round = runner.round();
    boolean open = round.stage() == Stage.COLLECTING || round.stage() == Stage.FOLDING;
    return new Coordination.TaskRun(
        runner.name(),
        runner.context().digest(),
        word(round.stage()),
        round.place().round(),
        open || round.stage() == Stage.COMMITTING ? runner.phase().name() : "",
        waitingFor(),
        runner.registry().models().isEmpty()
            ? Optional.empty()
            : Optional.of(runner.registry().newest().version()));
  }

  private static String word(Stage stage) {
    return switch (stage) {
      case WAITING -> "waiting for sites";
      case COLLECTING, FOLDING, COMMITTING -> "running";
      case FINISHED -> "finished";
      case FAILED -> "failed";
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
      inbox.said().keySet().forEach(site -> waiting.put(site, said(site)));
      round.away().forEach(site -> waiting.put(site, "stalled, not heard of since"));
      waiting.putAll(round.resting());
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
    Optional<TaskInbox.Doing> seen = inbox.doing(site);
    String what =
        runner
            .replies()
            .progress(site)
            .or(() -> seen.map(TaskInbox.Doing::what))
            .orElse("no sign of work on this phase yet");
    String silent = seconds(runner.now() - runner.seen(site));
    return round.away().contains(site)
        ? "stalled, silent for " + silent + "; last: " + what
        : what + ", " + silent + " ago";
  }

  private static String seconds(long nanos) {
    return Duration.ofNanos(Math.max(0, nanos)).toSeconds() + " s";
  }

  /** What a site said of the task, for people. */
  String said(String site) {
    Body.Ready ready = inbox.said().get(site);
    if (ready == null) {
      return runner.round().ready().contains(site) ? "ready" : "nothing said yet";
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

  StatusLine status() {
    RoundState round = runner.round();
    String subject = "task " + runner.name();
    String problem = round.problem().isEmpty() ? "" : "; last attempt: " + round.problem();
    return switch (round.stage()) {
      case WAITING ->
          new StatusLine(
              subject,
              StatusLine.State.WAITING,
              "round "
                  + round.place().round()
                  + " waits: "
                  + round.ready().size()
                  + " sites are ready, "
                  + runner.context().task().rounds().cohortLeast()
                  + " are needed, and a quorum of them must be heard of "
                  + waitingFor()
                  + problem);
      case COLLECTING ->
          new StatusLine(
              subject,
              StatusLine.State.READY,
              "round "
                  + round.place().round()
                  + " "
                  + runner.phase().name()
                  + ", waiting for "
                  + waitingFor()
                  + problem);
      case FOLDING, COMMITTING ->
          new StatusLine(
              subject, StatusLine.State.READY, "round " + round.place().round() + " is folded");
      case FINISHED ->
          new StatusLine(
              subject,
              StatusLine.State.READY,
              "finished after " + runner.registry().rounds().size() + " rounds");
      case FAILED ->
          new StatusLine(
              subject,
              StatusLine.State.DOWN,
              "failed: " + round.problem() + "; mend the cause and submit it under a new name");
    };
  }
}
