// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import static org.fedwerk.site.internal.Bench.at;
import static org.fedwerk.site.internal.Bench.await;
import static org.fedwerk.site.internal.Bench.notice;
import static org.fedwerk.site.internal.Bench.plan;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.fedwerk.api.Digest;
import org.fedwerk.api.message.Body;
import org.fedwerk.api.message.Body.Manifest;
import org.fedwerk.api.message.Body.Plan;
import org.fedwerk.api.message.Kind;
import org.fedwerk.api.message.Message;
import org.fedwerk.api.message.ModelReference;
import org.fedwerk.api.predict.LearningState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestingTaskTest {
  private static final Digest PRESS = Tasks.digest(Tasks.PRESS);

  @TempDir Path folder;
  private Bench bench;

  @BeforeEach
  void open() {
    bench = new Bench(folder.resolve("site")).start().connect();
  }

  @AfterEach
  void shut() {
    bench.close();
  }

  private void awaitReason(String reason) {
    await(() -> bench.view("press").reason().equals(reason));
  }

  @Test
  void aPausedPhaseIsFinishedAndTheSiteSaysThatTheTaskRests() throws Exception {
    bench.engine.hold();
    ModelReference model = bench.training();
    assertTrue(bench.engine.begun.tryAcquire(15, TimeUnit.SECONDS));
    bench.send(
        PRESS,
        at(1, 0),
        new Plan(
            "train",
            "train",
            List.of("press1", "press2"),
            model,
            true,
            Bench.RANGE,
            Duration.ofSeconds(30),
            "paused by ops"));
    bench.engine.go.complete(null);
    assertEquals(model.digest(), bench.next(Manifest.class, Kind.MANIFEST).base());
    awaitReason("paused by ops");
    assertEquals(LearningState.IDLE, bench.view("press").learning());
    assertTrue(bench.site.status().get(1).detail().contains("paused by ops"));
    assertEquals(1, bench.engine.trainings.get());

    bench.part("S-1");
    assertEquals("S-1", bench.predicted().serial());

    bench.send(PRESS, at(1, 1), notice("waiting", model, "paused by ops"));
    bench.send(PRESS, at(1, 1), plan("evaluate", model, false, "press1"));
    bench.next(Manifest.class, Kind.MANIFEST);
    awaitReason("");
  }

  @Test
  void aStoppedTaskEndsItsWorkSaysWhyAndIsTakenUpAgainByANewerPlan() throws Exception {
    bench.engine.hold();
    ModelReference model = bench.training();
    assertTrue(bench.engine.begun.tryAcquire(15, TimeUnit.SECONDS));
    bench.send(PRESS, at(1, 2), notice("stopped", model, "aborted by ops: wrong labels"));
    awaitReason("aborted by ops: wrong labels");
    assertEquals(LearningState.FAILED, bench.view("press").learning());
    bench.engine.go.complete(null);
    assertEquals(model.digest(), bench.view("press").deployed().orElseThrow());
    bench.part("S-1");
    assertEquals("S-1", bench.predicted().serial());

    bench.send(PRESS, at(1, 1), plan("evaluate", model, false, "press1"));
    bench.awaitRefusal("older than one");
    awaitReason("aborted by ops: wrong labels");

    bench.send(
        PRESS,
        new org.fedwerk.api.message.Position(1, 1, 2, 0),
        plan("train", model, true, "press1", "press2"));
    Message reply = bench.next(Kind.MANIFEST);
    assertEquals(2, reply.header().attempt(), "no reply of the attempt that was stopped came");
    awaitReason("");
  }

  @Test
  void anOfferSaysThatATaskGoesOnWhenNoPlanDoes() throws Exception {
    bench.approved(Tasks.PRESS);
    ModelReference model = bench.model(PRESS, 0, 0.5f);
    bench.send(PRESS, at(1, 0), notice("waiting", model, "paused by ops"));
    bench.serve();
    awaitReason("paused by ops");
    bench.offer(Tasks.PRESS);
    await(() -> bench.view("press").learning() == LearningState.READY);
  }

  @Test
  void twoTasksAtOnceAreTrainedInTurnAndAnsweredEachForItself() throws Exception {
    String other = Tasks.yaml("other", 2);
    Digest second = bench.approved(other);
    bench.engine.hold();
    ModelReference first = bench.training();
    assertTrue(bench.engine.begun.tryAcquire(15, TimeUnit.SECONDS));
    ModelReference model = bench.model(second, 0, 0.25f);
    bench.send(second, at(7, 0), plan("train", model, true, "press1"));
    bench.serve();
    bench.send(second, at(7, 0), plan("train", model, true, "press1"));
    await(() -> bench.view("other").round() == 7);
    assertEquals(1, bench.engine.trainings.get(), "one at a time");
    assertEquals(1, bench.view("press").round(), "a position is of one task");

    bench.engine.go.complete(null);
    Message one = bench.next(Kind.MANIFEST);
    Message two = bench.next(Kind.MANIFEST);
    assertEquals(PRESS, one.header().task());
    assertEquals(first.digest(), ((Manifest) one.body()).base());
    assertEquals(second, two.header().task());
    assertEquals(model.digest(), ((Manifest) two.body()).base());
    assertEquals(2, bench.engine.trainings.get());
    assertEquals(3, bench.fetch(PRESS, at(1, 0), (Manifest) one.body()).size());

    bench.send(PRESS, at(2, 0), notice("stopped", first, "aborted by ops"));
    awaitReason("aborted by ops");
    assertEquals("", bench.view("other").reason());
    assertEquals(
        3, bench.fetch(second, at(7, 0), (Manifest) two.body()).size(), "its outbox is untouched");
    bench.send(PRESS, at(1, 0), new Body.Fetch(Bench.chunksOf((Manifest) one.body())));
    bench.awaitRefusal("the chunk is of no reply of this site");
  }
}
