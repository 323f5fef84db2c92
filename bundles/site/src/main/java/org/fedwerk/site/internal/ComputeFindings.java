// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.fedwerk.api.site.Assessment.Finding;
import org.fedwerk.api.site.Assessment.Verdict;
import org.fedwerk.api.task.LocalSpec;
import org.fedwerk.api.task.Task;

/** Whether a site's engine keeps up with a task. Pure. */
final class ComputeFindings {
  private static final double MILLIS = 1e3;

  private final Task task;
  private final int train;
  private final TrainingProbe.Speed speed;
  private final double predictionMillis;
  private final List<Finding> rows = new ArrayList<>();
  private final List<String> blocked = new ArrayList<>();

  /**
   * Judges what was measured.
   *
   * @param train training examples of the site
   * @param speed of the short training; NaN in it where nothing was measured
   * @param predictionMillis of one part; NaN if it could not be measured
   */
  ComputeFindings(Task task, int train, TrainingProbe.Speed speed, double predictionMillis) {
    this.task = task;
    this.train = train;
    this.speed = speed;
    this.predictionMillis = predictionMillis;
    training();
    prediction();
  }

  List<Finding> rows() {
    return List.copyOf(rows);
  }

  /** What keeps the site from working for the task, in words. */
  List<String> blocked() {
    return List.copyOf(blocked);
  }

  private void training() {
    if (!speed.failure().isEmpty()) {
      blocked.add(speed.failure());
      rows.add(Finding.said("a short training", speed.failure(), "it works", Verdict.SHORT));
    }
    if (Double.isNaN(speed.stepSeconds())) {
      if (speed.failure().isEmpty()) {
        rows.add(
            Finding.said(
                "training speed",
                "not measured: there is no training example",
                "",
                Verdict.UNKNOWN));
      }
      return;
    }
    rows.add(
        new Finding(
            "training speed", speed.examplesPerSecond(), "examples/s", "", "", Verdict.NONE));
    step();
    round();
  }

  private void step() {
    double stall = task.rounds().stall().toMillis() / MILLIS;
    String needed = "below " + Finding.text(stall) + " s (rounds.stall)";
    boolean slow = speed.stepSeconds() >= stall;
    if (slow) {
      blocked.add(
          "a training step takes "
              + Finding.text(speed.stepSeconds())
              + " s, so the coordinator hears nothing for longer than rounds.stall, "
              + Finding.text(stall)
              + " s");
    }
    rows.add(
        new Finding(
            "a training step",
            speed.stepSeconds(),
            "s",
            "",
            needed,
            slow ? Verdict.SHORT : Verdict.MET));
  }

  private void round() {
    double seconds = passes(task) * (double) train / speed.examplesPerSecond();
    String words = passes(task) + " passes over " + train + " examples";
    Duration longest = task.rounds().longest();
    double stall = task.rounds().stall().toMillis() / MILLIS;
    if (longest == null) {
      boolean beyond = seconds > stall;
      rows.add(
          new Finding(
              "training per round",
              seconds,
              "s",
              beyond ? words + "; longer than rounds.stall, others wait for it" : words,
              "",
              beyond ? Verdict.NOTICE : Verdict.NONE));
      return;
    }
    double most = longest.toMillis() / MILLIS;
    if (seconds > most) {
      blocked.add(
          "the training of a round takes some "
              + Finding.text(seconds)
              + " s, rounds.longest ends it after "
              + Finding.text(most)
              + " s");
    }
    rows.add(
        new Finding(
            "training per round",
            seconds,
            "s",
            words,
            "at most " + Finding.text(most) + " s (rounds.longest)",
            seconds > most ? Verdict.SHORT : Verdict.MET));
  }

  /** How often a round's training goes over the examples. */
  static int passes(Task task) {
    LocalSpec local = task.local();
    int epochs = task.training().epochs();
    return local.headEpochs() + epochs + (local.isDitto() ? epochs : 0);
  }

  private void prediction() {
    String name = "a prediction";
    if (Double.isNaN(predictionMillis)) {
      blocked.add("a prediction fails here; the site's log says more");
      rows.add(Finding.said(name, "it fails; see the site's log", "it works", Verdict.SHORT));
      return;
    }
    if (!task.model().budget().boundsPredictions()) {
      rows.add(new Finding(name, predictionMillis, "ms", "", "", Verdict.NONE));
      return;
    }
    double most = task.model().budget().predictionMillis();
    boolean slow = predictionMillis > most;
    String key = "model.budget.milliseconds-per-prediction";
    if (slow) {
      blocked.add(
          "a prediction takes "
              + Finding.text(predictionMillis)
              + " ms, "
              + key
              + " allows "
              + Finding.text(most));
    }
    rows.add(
        new Finding(
            name,
            predictionMillis,
            "ms",
            "",
            "at most " + Finding.text(most) + " ms (" + key + ")",
            slow ? Verdict.SHORT : Verdict.MET));
  }
}
