// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import static org.fedwerk.site.internal.Bench.at;
import static org.fedwerk.site.internal.Bench.await;
import static org.fedwerk.site.internal.Bench.plan;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.fedwerk.api.Digest;
import org.fedwerk.api.message.Body;
import org.fedwerk.api.message.Kind;
import org.fedwerk.api.message.ModelReference;
import org.fedwerk.api.predict.Prediction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PinTest {
  private static final Digest TASK = Tasks.digest(Tasks.PRESS);

  /** The middle one counts, whatever else the machine does. */
  private static final int SWITCHES = 9;

  @TempDir Path folder;
  private Bench bench;
  private ModelReference first;
  private ModelReference second;

  @BeforeEach
  void deployTwo() throws Exception {
    bench = new Bench(folder.resolve("site")).start().connect();
    bench.approved(Tasks.PRESS);
    first = deploy(1);
    second = deploy(2);
  }

  @AfterEach
  void shut() {
    bench.close();
  }

  private ModelReference deploy(int version) throws Exception {
    ModelReference model = offer(version);
    await(() -> runs(bench, model));
    return model;
  }

  private ModelReference offer(int version) throws Exception {
    ModelReference model = bench.model(TASK, version, version);
    bench.send(TASK, at(version + 1, 0), plan("train", model, true, "press2"));
    bench.serve();
    return model;
  }

  private static boolean runs(Bench bench, ModelReference model) {
    return bench.view("press").deployed().filter(model.digest()::equals).isPresent();
  }

  @Test
  void whilePartsStreamInARollbackMissesNoneAndEachIsPredictedOnceByTheOldOrTheNewModel()
      throws Exception {
    int parts = 2000;
    Thread machine =
        new Thread(
            () -> {
              for (int i = 0; i < parts; i++) {
                bench.part("p" + i);
              }
            });
    machine.start();
    Set<Digest> models = new HashSet<>();
    for (int i = 0; i < parts; i++) {
      if (i == 500 || i == 1000 || i == 1500) {
        bench.site.rollBack("press", "ann");
      }
      Prediction each = bench.predicted();
      assertEquals("p" + i, each.serial());
      assertEquals(i + 1, each.sequence());
      assertTrue(Set.of(first.digest(), second.digest()).contains(each.digest()));
      assertEquals(each.digest().equals(first.digest()) ? 1 : 2, each.modelVersion());
      models.add(each.digest());
    }
    machine.join();
    assertTrue(bench.predictions.isEmpty());
    bench.part("last");
    assertEquals(first.digest(), bench.predicted().digest());
    assertEquals(2, models.size());
    assertEquals(2, bench.engine.loads.get(), "both stayed loaded, whichever predicted");
  }

  @Test
  void aSwitchToTheDeploymentBeforeTakesLessThanASecondUpToItsFirstPrediction() throws Exception {
    List<Long> millis = new ArrayList<>();
    for (int i = 0; i < SWITCHES; i++) {
      bench.part("before " + i);
      Digest active = bench.predicted().digest();
      long begin = System.nanoTime();
      bench.site.rollBack("press", "ann");
      bench.part("after " + i);
      assertNotEquals(active, bench.predicted().digest());
      millis.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin));
    }
    Collections.sort(millis);
    assertTrue(millis.get(SWITCHES / 2) < 1000, "milliseconds: " + millis);
    assertEquals(2, bench.engine.loads.get(), "nothing is loaded for a switch");
  }

  @Test
  void afterARestartThePreviousModelIsLoadedBeforeItIsWanted() throws Exception {
    bench.part("one");
    bench.predicted();
    try (Bench again = bench.afterKill(folder.resolve("again")).start()) {
      again.predicted();
      await(() -> again.engine.open.get() == 2);
      again.site.rollBack("press", "ann");
      again.part("two");
      assertEquals(first.digest(), again.predicted().digest());
      assertEquals(2, again.engine.loads.get());
    }
  }

  @Test
  void chunksOfThePreviousModelOutliveLaterPlansAndARestart() throws Exception {
    ModelReference third = deploy(3);
    Digest old = first.parameters().chunks().get(0).digest();
    Digest kept = second.parameters().chunks().get(0).digest();
    assertTrue(bench.storage.blobs().has(kept));
    try (Bench again = bench.afterKill(folder.resolve("again")).start().connect()) {
      // What is on disk and unneeded goes with the next plan.
      ModelReference fourth = again.model(TASK, 4, 4);
      again.send(TASK, at(5, 0), plan("evaluate", fourth, false, "press2"));
      await(() -> !again.storage.blobs().has(old));
      assertTrue(again.storage.blobs().has(kept));
      again.site.rollBack("press", "ann");
      again.predictions.clear();
      again.part("one");
      assertEquals(second.digest(), again.predicted().digest());
    }
    assertTrue(runs(bench, third));
  }

  @Test
  void aRolledBackSiteGoesOnTrainingKeepsItsModelAndTellsTheCoordinatorWhichOneRuns()
      throws Exception {
    bench.site.rollBack("press", "ann");
    Body.Sync sync;
    do {
      sync = bench.next(Body.Sync.class, Kind.SYNC);
    } while (!first.digest().equals(sync.tasks().get(0).deployed()));
    ModelReference third = bench.model(TASK, 3, 3);
    bench.send(TASK, at(4, 0), plan("train", third, true, "press1"));
    bench.serve();
    Body.Manifest trained = bench.next(Body.Manifest.class, Kind.MANIFEST);
    assertEquals(third.digest(), trained.base());
    assertNotNull(trained.training());
    bench.send(TASK, at(5, 0), plan("deploy", third, true, "press1"));
    Body.Manifest asked = bench.next(Body.Manifest.class, Kind.MANIFEST);
    assertEquals(third.digest(), asked.base());
    assertEquals(0, asked.localRevision(), "it does not run here");
    bench.part("one");
    assertEquals(first.digest(), bench.predicted().digest());
    assertEquals("model version 1, rolled back and pinned by ann", bench.view("press").running());
    assertTrue(bench.site.status().get(1).detail().contains("pinned by ann"));
    await(() -> bench.detail("press").contains("pinned by ann"));
  }

  @Test
  void aPinOutlivesAKillAndOnceItIsOffTheNextCommittedModelIsDeployed() throws Exception {
    bench.site.pin("press", null, "ann");
    ModelReference third = bench.model(TASK, 3, 3);
    bench.send(TASK, at(4, 0), plan("train", third, true, "press2"));
    await(() -> bench.view("press").round() == 4);
    try (Bench again = bench.afterKill(folder.resolve("again")).start().connect()) {
      assertTrue(again.view("press").running().contains("version 2, pinned by ann"));
      await(() -> again.detail("press").equals("model version 2, pinned by ann, restored"));
      again.site.release("press", "bob");
      assertEquals("model version 2", again.view("press").running());
      ModelReference fourth = again.model(TASK, 4, 4);
      again.send(TASK, at(5, 0), plan("train", fourth, true, "press2"));
      again.serve();
      await(() -> runs(again, fourth));
      assertEquals(
          "released", again.site.models("press").get(1).act(), "and the record has it all");
      assertEquals("bob", again.site.models("press").get(1).by());
    }
  }

  @Test
  void aFinishedTasksModelWaitsForThePinToGo() throws Exception {
    bench.site.pin("press", null, "ann");
    ModelReference best = bench.model(TASK, 3, 3);
    bench.send(TASK, at(9, 0), plan("finished", best, true));
    await(() -> bench.view("press").learning().name().equals("PROMOTED"));
    assertTrue(runs(bench, second));
    bench.site.release("press", "ann");
    // The coordinator answers the sync that says what runs here.
    bench.next(Kind.SYNC);
    bench.send(TASK, at(9, 0), plan("finished", best, true));
    bench.serve();
    await(() -> runs(bench, best));
  }
}
