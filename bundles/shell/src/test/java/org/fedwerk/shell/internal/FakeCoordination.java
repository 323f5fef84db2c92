// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.shell.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.fedwerk.api.Digest;
import org.fedwerk.api.Refusal;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.coordinator.Coordination;
import org.fedwerk.api.learn.Evaluation;
import org.fedwerk.api.model.ModelVersion;

/** A coordinator with two sites, a task that runs and one that is paused. */
final class FakeCoordination implements Coordination {
  static final Digest DIGEST = Digest.of(new byte[] {1});
  private static final Digest OTHER = Digest.of(new byte[] {2});

  final List<String> orders = new ArrayList<>();

  @Override
  public DryRun dryRun(String yaml) {
    return new DryRun(
        DIGEST,
        "dense1.weight [64 x 1020]\n",
        67_652,
        270_608,
        270_608,
        List.of("asks for approval"));
  }

  @Override
  public Digest submit(String yaml) throws RefusedException {
    if (yaml.startsWith("tsak")) {
      throw new RefusedException(
          List.of(
              new Refusal("tsak", 1, "is not a known key"), new Refusal("owner", 2, "is missing")));
    }
    return DIGEST;
  }

  @Override
  public List<SiteView> sites() {
    return List.of(
        new SiteView(
            "press1",
            "0123456789abcdef",
            true,
            Optional.of(Duration.ofMillis(4200)),
            "fedwerk",
            Map.of("milling", "ready, examples 60/20/20")),
        new SiteView("press2", "ff", false, Optional.empty(), "", Map.of()));
  }

  @Override
  public List<TaskRun> tasks() {
    return List.of(
        new TaskRun(
            "milling",
            DIGEST,
            "running",
            1,
            "train",
            Map.of("press2", "training 3/10"),
            Optional.of(
                new ModelVersion(DIGEST, 0, DIGEST, DIGEST, List.of(), List.of(), Double.NaN)),
            ""),
        new TaskRun("pumps", OTHER, "paused", 2, "", Map.of(), Optional.empty(), "paused by ann"));
  }

  @Override
  public void pause(String task, String by) throws RefusedException {
    ordered("pause", task, by);
  }

  @Override
  public void resume(String task, String by) throws RefusedException {
    ordered("resume", task, by);
  }

  @Override
  public void abort(String task, String by, String reason) throws RefusedException {
    ordered("abort " + reason, task, by);
  }

  @Override
  public void retry(String task, String by) throws RefusedException {
    throw new RefusedException("task", task + " is finished; submit another document");
  }

  private void ordered(String what, String task, String by) throws RefusedException {
    if (!task.equals("milling")) {
      throw new RefusedException("task", "no task \"" + task + "\"");
    }
    orders.add(what + " " + task + " by " + by);
  }

  @Override
  public List<Act> acts(String task) {
    return List.of(new Act(1, 1, "aborted", "ann", Instant.EPOCH, "wrong labels"));
  }

  /** Two sites that found what each of them adds. */
  static RoundRecord contribution(Map<String, Double> metrics) {
    return new RoundRecord(
        DIGEST,
        2,
        1,
        "contribution",
        DIGEST,
        7,
        List.of("press1", "press2"),
        Map.of(),
        metrics,
        Map.of(),
        1000,
        2000,
        Instant.EPOCH,
        Duration.ofMillis(250));
  }

  final List<RoundRecord> found = new ArrayList<>();

  @Override
  public List<RoundRecord> rounds(String task) throws RefusedException {
    if (!found.isEmpty()) {
      return found;
    }
    if (!task.equals("milling")) {
      throw new RefusedException("task", "no task \"" + task + "\"");
    }
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("validation.accuracy", 0.9);
    metrics.put("train.loss", Double.NaN);
    Evaluation evaluation =
        new Evaluation(6, 1.5, new long[][] {{2, 1}, {0, 3}}, new long[2][Evaluation.BINS]);
    return List.of(
        new RoundRecord(
            DIGEST,
            1,
            1,
            "train",
            DIGEST,
            7,
            List.of("press1", "press2"),
            Map.of("press2", "said \"no, thanks\" \nlater"),
            metrics,
            Map.of("press1", evaluation),
            1000,
            2000,
            Instant.EPOCH,
            Duration.ofMillis(250)),
        new RoundRecord(
            DIGEST,
            2,
            1,
            "final",
            DIGEST,
            7,
            List.of("press1"),
            Map.of(),
            Map.of("test.accuracy", 0.8),
            Map.of(),
            1000,
            2000,
            Instant.EPOCH,
            Duration.ofMillis(125)));
  }

  @Override
  public List<ModelVersion> models(String task) {
    Digest base = Digest.of(new byte[] {2});
    return List.of(
        new ModelVersion(DIGEST, 0, base, base, List.of(), List.of(), Double.NaN),
        new ModelVersion(
            DIGEST, 1, DIGEST, base, List.of("press1", "press2"), List.of(60.0, 20.0), 0.9));
  }
}
