// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;
import org.fedwerk.api.Digest;
import org.fedwerk.api.metric.Measurement;
import org.fedwerk.site.internal.StateBoard.TaskState;
import org.jspecify.annotations.Nullable;

/** Learning and predicting at this site, in numbers. Thread-safe. */
final class SiteMeasurements {
  private final SiteState state;
  private final StateBoard board;
  private final PartPredictor predictor;
  private final PhaseWork work;
  private final ServedStats stats;
  private final DriftWatch drift;
  private final Refusals refusals;
  private final LongSupplier nanoTime;
  private final Map<Digest, Running> running = new HashMap<>();

  /** A deployment and since when it was seen to run. */
  private record Running(Deployment deployment, long since) {}

  SiteMeasurements(
      SiteState state,
      StateBoard board,
      PartPredictor predictor,
      PhaseWork work,
      ServedStats stats,
      DriftWatch drift,
      Refusals refusals,
      LongSupplier nanoTime) {
    this.state = state;
    this.board = board;
    this.predictor = predictor;
    this.work = work;
    this.stats = stats;
    this.drift = drift;
    this.refusals = refusals;
    this.nanoTime = nanoTime;
  }

  /**
   * All of them.
   *
   * @param conversation with the coordinator; null while there is none
   */
  synchronized List<Measurement> of(@Nullable Conversation conversation) {
    List<Measurement> measured = new ArrayList<>();
    measured.add(
        Measurement.gauge(
            "fedwerk.site.connected",
            "",
            "1 while the site has identity and link",
            conversation == null ? 0 : 1));
    measured.add(
        Measurement.counter("fedwerk.predictions", "", "Predictions made", predictor.made()));
    measured.add(
        Measurement.gauge(
            "fedwerk.prediction.queue",
            "",
            "Parts that wait to be predicted",
            predictor.waiting()));
    measured.addAll(predictor.level().things());
    if (conversation != null) {
      measured.addAll(conversation.levels());
    }
    measured.add(
        Measurement.counter(
            "fedwerk.messages.refused",
            "",
            "Messages refused, by reason",
            refusals.total(),
            "reason",
            "all"));
    state.tasks().all().forEach(task -> task(measured, task));
    return measured;
  }

  private void task(List<Measurement> to, KnownTask known) {
    String task = known.task().name();
    TaskState states = board.of(task);
    to.add(
        Measurement.gauge(
            "fedwerk.round.number",
            "",
            "The current or last round",
            state.positions().of(known.digest()).round(),
            "task",
            task));
    to.add(
        Measurement.gauge(
            "fedwerk.task.state",
            "",
            "1 for the states that the task is in",
            1,
            "task",
            task,
            "approval",
            known.approval().word(),
            "learning",
            states.learning().name().toLowerCase(Locale.ROOT),
            "deployment",
            states.deployment().name().toLowerCase(Locale.ROOT)));
    to.add(
        Measurement.counter(
            "fedwerk.trainings", "", "Trainings done", work.trained(known.digest()), "task", task));
    to.add(
        Measurement.gauge(
            "fedwerk.training.loss",
            "",
            "Mean loss of the last training",
            work.loss(known.digest()),
            "task",
            task));
    state.deployments().of(known.digest()).ifPresent(each -> model(to, task, known, each));
    drift.last(known.digest()).ifPresent(each -> drift(to, task, each));
  }

  private static void drift(List<Measurement> to, String task, DriftFinding finding) {
    to.add(
        Measurement.gauge(
            "fedwerk.drift.found",
            "",
            "1 if the newest window of parts drifts",
            finding.isDrift() ? 1 : 0,
            "task",
            task));
    finding
        .verdicts()
        .forEach(
            (variable, verdict) ->
                to.add(
                    Measurement.gauge(
                        "fedwerk.drift.statistic",
                        "",
                        "How far the newest window of parts is from the training examples",
                        verdict.statistic(),
                        "task",
                        task,
                        "of",
                        variable)));
  }

  private void model(List<Measurement> to, String task, KnownTask known, Deployment deployment) {
    stats
        .recentAlarms(deployment)
        .ifPresent(
            share ->
                to.add(
                    Measurement.gauge(
                        "fedwerk.alarm.share",
                        "",
                        "Share of alarms among the recent predictions of a task with a threshold",
                        share,
                        "task",
                        task)));
    long now = nanoTime.getAsLong();
    Running run =
        running.compute(
            known.digest(),
            (digest, before) ->
                before != null && before.deployment() == deployment
                    ? before
                    : new Running(deployment, now));
    to.add(
        Measurement.gauge(
            "fedwerk.model.version",
            "",
            "Version that predicts",
            deployment.model().version(),
            "task",
            task));
    to.add(
        Measurement.gauge(
            "fedwerk.model.age",
            "seconds",
            "How long this process has run the version, from when it was first seen to",
            (now - run.since()) / 1e9,
            "task",
            task));
  }
}
