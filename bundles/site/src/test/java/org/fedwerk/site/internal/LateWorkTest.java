// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import static org.fedwerk.site.internal.Bench.at;
import static org.fedwerk.site.internal.Bench.await;
import static org.fedwerk.site.internal.Bench.plan;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.fedwerk.api.Digest;
import org.fedwerk.api.message.Body;
import org.fedwerk.api.message.Body.Manifest;
import org.fedwerk.api.message.Kind;
import org.fedwerk.api.message.Message;
import org.fedwerk.api.message.ModelReference;
import org.fedwerk.api.message.Position;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A site whose task takes updates when their round has gone on. */
class LateWorkTest {
  private static final String YAML =
      Tasks.yaml("press", 1).replace("stall: 30s", "stall: 30s, late: staleness");
  private static final Digest TASK = Tasks.digest(YAML);

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

  /** In the middle of the training for round 1. */
  private ModelReference training() throws Exception {
    bench.approved(YAML);
    ModelReference model = bench.model(TASK, 0, 0.5f);
    bench.send(TASK, at(1, 0), plan("train", model, true, "press1", "press2"));
    bench.serve();
    assertTrue(bench.engine.begun.tryAcquire(Bench.PATIENCE_SECONDS, TimeUnit.SECONDS));
    return model;
  }

  @Test
  void itsTrainingGoesOnWhenTheNextRoundBeginsAndThenItTakesTheNewestPlan() throws Exception {
    CompletableFuture<Void> held = bench.engine.hold();
    ModelReference first = training();
    ModelReference second = bench.model(TASK, 1, 0.75f);
    ModelReference third = bench.model(TASK, 2, 0.875f);
    bench.send(TASK, at(1, 1), plan("evaluate", second, false, "press1", "press2"));
    bench.send(TASK, at(2, 0), plan("train", second, true, "press1", "press2"));
    bench.send(TASK, at(3, 0), plan("train", third, true, "press1", "press2"));
    await(() -> bench.view("press").round() == 3);
    held.complete(null);

    Message late = bench.next(Kind.MANIFEST);
    assertEquals(at(1, 0), late.header().position());
    assertEquals(first.digest(), ((Manifest) late.body()).base());
    bench.serve();
    Message next = bench.next(Kind.MANIFEST);
    while (next.header().position().equals(at(1, 0))) {
      next = bench.next(Kind.MANIFEST); // the late one again, as no receipt has come
    }
    assertEquals(at(3, 0), next.header().position());
    assertEquals(third.digest(), ((Manifest) next.body()).base());
    assertEquals(2, bench.engine.trainings.get());
  }

  @Test
  void aLateReplyIsSentAgainAfterARestartAndItsChunksAreGivenUntilTheReceipt() throws Exception {
    training();
    byte[] late = bench.raw(Kind.MANIFEST);
    ModelReference second = bench.model(TASK, 1, 0.75f);
    bench.send(TASK, at(2, 0), plan("train", second, true, "press2"));
    await(() -> bench.view("press").round() == 2);
    try (Bench again = bench.afterKill(folder.resolve("again"))) {
      again.start().connect();
      assertArrayEquals(late, again.raw(Kind.MANIFEST));
      assertEquals(3, again.fetch(TASK, at(1, 0), again.manifest(TASK, late)).size());
      again.send(TASK, at(1, 0), new Body.Receipt(again.bodyDigest(late), true, ""));
      again.send(TASK, at(3, 0), plan("train", second, true, "press2"));
      await(() -> again.view("press").round() == 3);
      await(() -> again.site.state().outbox().unanswered().isEmpty());
      await(() -> again.site.state().outbox().chunks().isEmpty());
    }
  }

  @Test
  void theEndOfTheTaskStopsATrainingThatNobodyWaitsForAnyMore() throws Exception {
    CompletableFuture<Void> held = bench.engine.hold();
    ModelReference model = training();
    bench.send(TASK, at(2, 0), plan("test", model, true, "press1", "press2"));
    Message reply = bench.next(Kind.MANIFEST);
    assertEquals(at(2, 0), reply.header().position());
    held.complete(null);
    bench.send(TASK, new Position(1, 2, 1, 2), plan("finished", model, true));
    await(() -> bench.site.state().outbox().chunks().isEmpty());
  }
}
