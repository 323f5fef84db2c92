// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import static org.fedwerk.site.internal.Bench.at;
import static org.fedwerk.site.internal.Bench.await;
import static org.fedwerk.site.internal.Bench.plan;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.fedwerk.api.Digest;
import org.fedwerk.api.Registration;
import org.fedwerk.api.message.Kind;
import org.fedwerk.api.message.ModelReference;
import org.fedwerk.api.metric.Measurement;
import org.fedwerk.api.predict.DeploymentState;
import org.fedwerk.api.predict.Prediction;
import org.fedwerk.api.predict.Prediction.Trust;
import org.fedwerk.api.status.StatusLine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PredictionTest {
  @TempDir Path folder;
  private Bench bench;
  private ModelReference model;

  @BeforeEach
  void deploy() throws Exception {
    bench = new Bench(folder.resolve("site")).start().connect();
    Digest task = bench.approved(Tasks.PRESS);
    model = bench.model(task, 3, 0.5f);
    bench.send(task, at(4, 0), plan("train", model, true, "press2"));
    bench.serve();
    await(() -> bench.view("press").deployed().isPresent());
  }

  @AfterEach
  void shut() {
    bench.close();
  }

  @Test
  void everyPartIsPredictedWithTheDeployedModelInOrder() throws Exception {
    for (int i = 0; i < 50; i++) {
      bench.part("p" + i);
    }
    for (int i = 0; i < 50; i++) {
      Prediction each = bench.predicted();
      assertEquals("p" + i, each.serial());
      assertEquals(i + 1, each.sequence());
      assertEquals(model.digest(), each.digest());
      assertEquals(3, each.modelVersion());
      assertEquals(1, each.localRevision());
      assertEquals(Trust.GOOD, each.trust());
    }
    assertEquals(50, bench.site.predictions());
    await(() -> bench.view("press").deployment() == DeploymentState.ACTIVE);
  }

  @Test
  void aFullDiskIsToldAndHoldsNoPredictionBack() throws Exception {
    bench.part("p1");
    assertEquals(1, bench.predicted().sequence());
    bench.disk.full.add("site/predictions");
    bench.part("p2");
    assertEquals(2, bench.predicted().sequence());
    await(() -> bench.view("press").deployment() == DeploymentState.DEGRADED);
    StatusLine told = task();
    assertEquals(StatusLine.State.DEGRADED, told.state());
    assertTrue(told.detail().contains("not written down"), told.detail());
    assertTrue(told.detail().contains("No space left on device"), told.detail());
    bench.disk.full.clear();
    bench.part("p3");
    assertEquals(3, bench.predicted().sequence());
    await(() -> bench.view("press").deployment() == DeploymentState.ACTIVE);
    assertEquals(StatusLine.State.READY, task().state());
    try (Bench next = bench.afterKill(folder.resolve("again")).start()) {
      Prediction last = next.predicted();
      assertEquals("p3", last.serial());
      assertEquals(3, last.sequence());
    }
  }

  private StatusLine task() {
    return bench.site.status().stream()
        .filter(each -> each.subject().equals("task press"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void predictionsAreTimedAndCountedForWhoeverWatches() throws Exception {
    BlockingQueue<Duration> heard = new LinkedBlockingQueue<>();
    try (Registration listening =
        bench.site.listen(
            (name, description, tags, took) -> {
              if (name.equals("fedwerk.prediction.duration")
                  && tags.equals(Map.of("task", "press"))) {
                heard.add(took);
              }
            })) {
      bench.part("p1");
      Duration took = heard.poll(Bench.PATIENCE_SECONDS, TimeUnit.SECONDS);
      assertTrue(took != null && !took.isNegative(), "" + took);
    }
    assertEquals(1, measured("fedwerk.predictions"));
    assertEquals(0, measured("fedwerk.prediction.queue"));
    assertEquals(3, measured("fedwerk.model.version"));
    assertEquals(4, measured("fedwerk.round.number"));
    assertTrue(measured("fedwerk.model.age") >= 0);
    bench.part("p2");
    bench.predicted();
    bench.predicted();
    assertTrue(heard.isEmpty(), "a listener that left hears no more");
  }

  @Test
  void theLossOfTheLastTrainingIsMeasured() throws Exception {
    assertTrue(Double.isNaN(measured("fedwerk.training.loss")), "nothing was trained yet");
    ModelReference next = bench.model(Tasks.digest(Tasks.PRESS), 4, 0.6f);
    bench.send(Tasks.digest(Tasks.PRESS), at(5, 0), plan("train", next, true, "press1"));
    bench.serve();
    await(() -> measured("fedwerk.trainings") == 1);
    assertTrue(Double.isFinite(measured("fedwerk.training.loss")));
  }

  private double measured(String name) {
    List<Measurement> found =
        bench.site.measurements().stream().filter(each -> each.name().equals(name)).toList();
    assertEquals(1, found.size(), name);
    return found.get(0).value();
  }

  @Test
  void aDeploymentIsLoadedBeforeAPartNeedsIt() throws Exception {
    await(() -> bench.engine.open.get() == 1);
    assertEquals(0, bench.site.predictions());
    assertTrue(bench.predictions.isEmpty(), "trying a model is no prediction");
  }

  @Test
  void itGoesOnWithoutALinkAndDuringTraining() throws Exception {
    bench.engine.hold();
    ModelReference next = bench.model(Tasks.digest(Tasks.PRESS), 4, 0.6f);
    bench.send(Tasks.digest(Tasks.PRESS), at(5, 0), plan("train", next, true, "press1"));
    bench.serve();
    assertTrue(bench.engine.begun.tryAcquire(Bench.PATIENCE_SECONDS, TimeUnit.SECONDS));
    bench.part("during training");
    assertEquals("during training", bench.predicted().serial());
    bench.site.disconnect();
    bench.part("alone");
    assertEquals("alone", bench.predicted().serial());
  }

  @Test
  void afterARestartTheLastValueIsThereAndUncertainAndTheSequenceGoesOn() throws Exception {
    bench.part("one");
    bench.part("two");
    bench.predicted();
    bench.predicted();
    try (Bench again = bench.afterKill(folder.resolve("again")).start()) {
      Prediction last = again.predicted();
      assertEquals("two", last.serial());
      assertEquals(Trust.UNCERTAIN, last.trust());
      assertEquals(2, last.sequence());
      assertEquals(last, again.site.newest("press").orElseThrow());
      again.part("three");
      Prediction next = again.predicted();
      assertEquals(3, next.sequence());
      assertEquals(Trust.GOOD, next.trust());
      assertEquals(model.digest(), next.digest());
    }
  }

  @Test
  void aPartWithoutWindowIsABadPrediction() throws Exception {
    bench.part("empty-1");
    Prediction bad = bench.predicted();
    assertEquals(Trust.BAD, bad.trust());
    assertEquals("", bad.predicted());
  }

  @Test
  void aBrokenEngineIsAFaultedDeploymentUntilItPredictsAgain() throws Exception {
    bench.engine.broken = true;
    bench.part("one");
    await(() -> bench.view("press").deployment() == DeploymentState.FAULTED);
    assertEquals(StatusLine.State.DEGRADED, bench.site.status().get(1).state());
    assertTrue(bench.view("press").reason().contains("native library"));
    bench.engine.broken = false;
    bench.part("two");
    assertEquals("two", bench.predicted().serial());
    await(() -> bench.view("press").deployment() == DeploymentState.ACTIVE);
    assertEquals("", bench.view("press").reason());
  }

  @Test
  void aModelThatGivesNoFiniteProbabilityIsNotServedAndTheOneBeforePredictsInItsPlace()
      throws Exception {
    Digest task = Tasks.digest(Tasks.PRESS);
    Digest before = bench.view("press").deployed().orElseThrow();
    ModelReference broken = bench.model(task, 4, Float.NaN);
    bench.send(task, at(5, 0), plan("train", broken, true, "press2"));
    bench.serve();
    await(() -> bench.view("press").deployed().filter(broken.digest()::equals).isPresent());
    bench.part("one");
    Prediction instead = bench.predicted();
    assertEquals("one", instead.serial());
    assertEquals(before, instead.digest());
    await(() -> bench.view("press").deployment() == DeploymentState.DEGRADED);
    assertTrue(
        bench.view("press").reason().startsWith("version 4 cannot predict, so version "),
        bench.view("press").reason());
    assertTrue(bench.predictions.isEmpty());
  }

  @Test
  void aTaskSubmittedAnewUnderTheSameNameTakesOverAndOldModelsAreClosed() throws Exception {
    bench.part("old");
    bench.predicted();
    String anew = Tasks.yaml("press", 2);
    bench.offer(anew);
    bench.next(Kind.READY);
    bench.site.approve(Tasks.digest(anew).brief(), "ann");
    bench.next(Kind.SYNC);
    ModelReference second = bench.model(Tasks.digest(anew), 7, 0.5f);
    bench.send(Tasks.digest(anew), at(1, 0), plan("train", second, true, "press2"));
    // Its bytes are those of the model that is here already.
    await(
        () ->
            bench.site.tasks().stream()
                .anyMatch(each -> each.deployed().filter(second.digest()::equals).isPresent()));
    bench.part("new");
    Prediction next = bench.predicted();
    assertEquals(second.digest(), next.digest());
    assertEquals(2, next.sequence());
    assertTrue(bench.predictions.isEmpty(), "one task name has one prediction per part");
    await(() -> bench.engine.open.get() == 1);
    try (Bench again = bench.afterKill(folder.resolve("again")).start()) {
      assertEquals("new", again.predicted().serial());
      again.part("later");
      assertEquals(second.digest(), again.predicted().digest());
      assertTrue(again.predictions.isEmpty());
    }
  }
}
