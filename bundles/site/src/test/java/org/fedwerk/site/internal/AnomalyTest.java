// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import static org.fedwerk.site.internal.Bench.at;
import static org.fedwerk.site.internal.Bench.await;
import static org.fedwerk.site.internal.Bench.plan;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.fedwerk.api.Digest;
import org.fedwerk.api.data.DataRole;
import org.fedwerk.api.data.Example;
import org.fedwerk.api.data.Tensor;
import org.fedwerk.api.learn.Counts;
import org.fedwerk.api.learn.Evaluation;
import org.fedwerk.api.learn.Network;
import org.fedwerk.api.message.Body.Manifest;
import org.fedwerk.api.message.Kind;
import org.fedwerk.api.message.ModelReference;
import org.fedwerk.api.metric.Measurement;
import org.fedwerk.api.predict.Prediction;
import org.fedwerk.api.predict.Prediction.Trust;
import org.fedwerk.api.site.SiteAgent.UsedExample;
import org.fedwerk.api.status.StatusLine;
import org.fedwerk.api.task.Task;
import org.fedwerk.learn.internal.NamedArchitectures;
import org.fedwerk.learn.internal.WindowPreparation;
import org.fedwerk.site.internal.ManifestBook.UseManifest;
import org.fedwerk.task.internal.YamlTaskReader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A site that finds out what is normal. Its engine rebuilds the mean of every value, and its
 * training windows are the mean (1, 2, 3, 4) with deviation 1, so a score is the mean of squared
 * distances from that.
 */
class AnomalyTest {
  private static final String PRESS =
      Tasks.PRESS
              .replace(
                  "{name: result, classes: [good, bad]}",
                  "{kind: anomaly, name: result, classes: [good, bad]}")
              .replace("architecture: mlp, hidden: [3]", "architecture: autoencoder, hidden: [2]")
          + "threshold: {quantile: 0.75, alarm-rate: 0.3, recent: 10}\n";
  private static final Digest DIGEST = Tasks.digest(PRESS);
  private static final int UNLABELLED = -1;

  @TempDir Path folder;
  private Bench bench;
  private ModelReference model;

  private static Example example(String serial, int label, DataRole role, float first) {
    Tensor window = new Tensor(new int[] {2, 2}, new float[] {first, 2, 3, 4});
    return label == UNLABELLED
        ? Example.unlabelled(serial, window, role)
        : new Example(serial, Map.of(Example.WINDOW, window), label, 1, role);
  }

  /** Windows whose every value is the mean and a deviation of 1 to one side. */
  private static Example training(int number, int label) {
    float[] values = {1, 2, 3, 4};
    for (int i = 0; i < values.length; i++) {
      values[i] += number % 2 == 0 ? 1 : -1;
    }
    Tensor window = new Tensor(new int[] {2, 2}, values);
    return label == UNLABELLED
        ? Example.unlabelled("t" + number, window, DataRole.TRAIN)
        : new Example("t" + number, Map.of(Example.WINDOW, window), label, 1, DataRole.TRAIN);
  }

  /** Scores of normal validation parts: 0.25, 1, 2.25, 4; of test parts: 1, 4, of the defect 16. */
  private static List<Example> examples() {
    List<Example> all = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      all.add(training(i, i % 3 == 0 ? 0 : UNLABELLED));
    }
    all.add(example("scrap", Example.DEFECT, DataRole.TRAIN, 100));
    all.add(example("v1", UNLABELLED, DataRole.VALIDATION, 2));
    all.add(example("v2", 0, DataRole.VALIDATION, 3));
    all.add(example("v3", UNLABELLED, DataRole.VALIDATION, 4));
    all.add(example("v4", UNLABELLED, DataRole.VALIDATION, 5));
    all.add(example("v5", Example.DEFECT, DataRole.VALIDATION, 50));
    all.add(example("x1", UNLABELLED, DataRole.TEST, 3));
    all.add(example("x2", 0, DataRole.TEST, 5));
    all.add(example("x3", Example.DEFECT, DataRole.TEST, 9));
    return all;
  }

  private static Network network() throws Exception {
    Task task = new YamlTaskReader().read(PRESS).task();
    return new NamedArchitectures().network(task.model(), task.schema());
  }

  @BeforeEach
  void deploy() throws Exception {
    bench = new Bench(folder.resolve("site")).start().connect();
    bench.examples.examples = examples();
    bench.approved(PRESS);
    model = bench.model(DIGEST, network(), 3, 0.5f);
    bench.send(DIGEST, at(4, 0), plan("train", model, true, "press1", "press2"));
    bench.serve();
  }

  @AfterEach
  void shut() {
    bench.close();
  }

  @Test
  void partsLabelledAsADefectAreLeftOutOfTraining() throws Exception {
    assertEquals(6, bench.next(Manifest.class, Kind.MANIFEST).weight());
    for (String request : List.of("train", "normalise")) {
      assertTrue(
          bench.site.used("press", request).stream()
              .map(UsedExample::serial)
              .allMatch(serial -> serial.startsWith("t")),
          request);
    }
    assertEquals(
        List.of("v1", "v2", "v3", "v4"),
        bench.site.used("press", "threshold").stream().map(UsedExample::serial).toList());
  }

  @Test
  void anAlarmIsAScoreAboveTheQuantileOfNormalValidationParts() throws Exception {
    await(() -> bench.view("press").deployed().isPresent());
    bench.part("fine");
    Prediction fine = bench.predicted();
    assertEquals(List.of("normal", 0.0), List.of(fine.predicted(), fine.score()));
    assertEquals(2.25, fine.threshold(), "three of four scores are not above it");
    assertFalse(fine.alarm());
    assertTrue(Double.isNaN(fine.probability()));
    bench.part("odd");
    Prediction odd = bench.predicted();
    assertEquals(List.of("anomaly", 16.0), List.of(odd.predicted(), odd.score()));
    assertTrue(odd.alarm());
    assertEquals(16, odd.value());
    bench.part("empty");
    Prediction none = bench.predicted();
    assertEquals(Trust.BAD, none.trust());
    assertTrue(none.predicted().isEmpty() && !none.alarm() && Double.isNaN(none.value()));
    await(() -> bench.detail("press").contains("alarm above 2.25"));
  }

  @Test
  void theThresholdIsThereAfterAKillAndSoIsTheLastScore() throws Exception {
    bench.raw(Kind.MANIFEST);
    bench.part("odd");
    bench.predicted();
    try (Bench next = bench.afterKill(folder.resolve("again")).start()) {
      next.examples.examples = List.of();
      Prediction last = next.predicted();
      assertEquals(Trust.UNCERTAIN, last.trust());
      assertEquals(List.of("anomaly", 16.0), List.of(last.predicted(), last.score()));
      assertTrue(last.alarm());
      next.part("odd-2");
      assertEquals(2.25, next.predicted().threshold());
    }
  }

  @Test
  void anEvaluationCountsAlarmsWithTheThresholdThatTheModelWouldHaveHere() throws Exception {
    bench.raw(Kind.MANIFEST);
    ModelReference candidate = bench.model(DIGEST, network(), 4, 0.75f);
    bench.send(DIGEST, at(4, 1), plan("test", candidate, false, "press1", "press2"));
    bench.serve();
    Evaluation told = bench.next(Manifest.class, Kind.MANIFEST).evaluation().orElseThrow();
    assertEquals(2, told.count());
    assertEquals(2.5, told.loss(), 1e-6);
    assertEquals(List.of(new Counts(1, 1, 0, 1)), told.labels());
    assertEquals(1, told.auc());
    assertEquals(model.digest(), bench.view("press").deployed().orElseThrow());
  }

  @Test
  void moreAlarmsThanTheBudgetAreNamedInTheStatusUntilTheyAreFewer() throws Exception {
    await(() -> bench.view("press").deployed().isPresent());
    for (int i = 0; i < 10; i++) {
      bench.part(i < 4 ? "odd" + i : "fine" + i);
      bench.predicted();
    }
    await(() -> task().state() == StatusLine.State.DEGRADED);
    assertTrue(
        task()
            .detail()
            .contains("alarms are 0.4000 of the last 10 predictions, the task's budget is 0.3000"),
        task().detail());
    assertEquals(
        List.of(0.4),
        bench.site.measurements().stream()
            .filter(each -> each.name().equals("fedwerk.alarm.share"))
            .map(Measurement::value)
            .toList());
    bench.part("fine");
    bench.predicted();
    await(() -> task().state() == StatusLine.State.READY);
  }

  @Test
  void aTrainingIsDoneAgainAsItBeganThoughLabelsCameSince() throws Exception {
    Manifest first = bench.next(Manifest.class, Kind.MANIFEST);
    List<Example> labelled = new ArrayList<>(examples());
    labelled.replaceAll(each -> each.serial().equals("t1") ? training(1, Example.DEFECT) : each);
    try (Bench next = bench.afterKill(folder.resolve("again")).start()) {
      next.examples.examples = labelled;
      Reading reading =
          new Reading(
              next.examples, new WindowPreparation(), next.engine, next.site.state().manifests());
      KnownTask task = next.site.state().tasks().named("press");
      UseManifest use = next.site.state().manifests().newest(DIGEST, "train").orElseThrow();
      assertEquals(first.training(), use.digest());
      assertEquals(
          6,
          reading
              .inputs(task, use, next.site.state().deployments().normalisation(task).orElseThrow())
              .count());
    }
  }

  private StatusLine task() {
    return bench.site.status().stream()
        .filter(each -> each.subject().equals("task press"))
        .findFirst()
        .orElseThrow();
  }
}
