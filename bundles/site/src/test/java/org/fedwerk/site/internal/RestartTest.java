// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import static org.fedwerk.site.internal.Bench.at;
import static org.fedwerk.site.internal.Bench.await;
import static org.fedwerk.site.internal.Bench.plan;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.fedwerk.api.Digest;
import org.fedwerk.api.data.DataRole;
import org.fedwerk.api.data.Example;
import org.fedwerk.api.message.Body.Leave;
import org.fedwerk.api.message.Body.Manifest;
import org.fedwerk.api.message.Kind;
import org.fedwerk.api.message.ModelReference;
import org.fedwerk.api.message.Position;
import org.fedwerk.api.site.SiteAgent.EgressRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a site does after it was killed. */
class RestartTest {
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

  @Test
  void aPlanOfALowerPositionIsRefusedAlsoAfterARestart() throws Exception {
    ModelReference model = bench.training();
    bench.raw(Kind.MANIFEST);
    bench.send(PRESS, new Position(1, 1, 1, -1), plan("train", model, true, "press1"));
    bench.awaitRefusal("older than one this site has seen");
    try (Bench again = bench.afterKill(folder.resolve("again")).start().connect()) {
      again.send(PRESS, new Position(0, 9, 1, 0), plan("train", model, true, "press1"));
      await(() -> again.site.status().get(0).detail().contains("older than one"));
    }
  }

  @Test
  void aSiteKilledInMidTrainingSendsTheSameBytesAfterwards() throws Exception {
    CompletableFuture<Void> held = bench.engine.hold();
    ModelReference model = bench.training();
    assertTrue(bench.engine.begun.tryAcquire(Bench.PATIENCE_SECONDS, TimeUnit.SECONDS));
    Path disk = folder.resolve("again");
    Bench killed = bench;
    try (Bench again = killed.afterKill(disk)) {
      // Parts that came since must not change what is done again.
      List<Example> more = new ArrayList<>(killed.examples.examples);
      more.add(Tasks.example("later", 1, DataRole.TRAIN));
      again.examples.examples = more;
      again.start().connect();
      again.next(Kind.SYNC);
      again.send(PRESS, at(1, 0), plan("train", model, true, "press1", "press2"));
      byte[] second = again.raw(Kind.MANIFEST);
      held.complete(null);
      byte[] first = killed.raw(Kind.MANIFEST);

      assertEquals(killed.bodyDigest(first), again.bodyDigest(second));
      assertEquals(killed.manifest(PRESS, first), again.manifest(PRESS, second));
      List<byte[]> firstChunks = killed.fetch(PRESS, at(1, 0), killed.manifest(PRESS, first));
      List<byte[]> secondChunks = again.fetch(PRESS, at(1, 0), again.manifest(PRESS, second));
      for (int i = 0; i < firstChunks.size(); i++) {
        assertArrayEquals(firstChunks.get(i), secondChunks.get(i));
      }
    }
  }

  @Test
  void aSiteKilledAfterItsReplyWasKeptSendsTheVerySameMessage() throws Exception {
    ModelReference model = bench.training();
    byte[] first = bench.raw(Kind.MANIFEST);
    try (Bench again = bench.afterKill(folder.resolve("again"))) {
      again.start().connect();
      assertArrayEquals(first, again.raw(Kind.MANIFEST));
      again.send(PRESS, at(1, 0), plan("train", model, true, "press1", "press2"));
      assertArrayEquals(first, again.raw(Kind.MANIFEST));
      assertEquals(0, again.engine.trainings.get());
      assertEquals(3, again.fetch(PRESS, at(1, 0), again.manifest(PRESS, first)).size());
    }
  }

  @Test
  void aPartLabelledAnewSinceTheManifestMakesItLeaveWithoutNamingThePart() throws Exception {
    bench.engine.hold();
    ModelReference model = bench.training();
    assertTrue(bench.engine.begun.tryAcquire(Bench.PATIENCE_SECONDS, TimeUnit.SECONDS));
    try (Bench again = bench.afterKill(folder.resolve("again"))) {
      List<Example> relabelled = new ArrayList<>(bench.examples.examples);
      relabelled.set(0, Tasks.example("TRAIN-0", 2, DataRole.TRAIN));
      again.examples.examples = relabelled;
      again.start().connect();
      again.send(PRESS, at(1, 0), plan("train", model, true, "press1"));
      Leave leave = again.next(Leave.class, Kind.LEAVE);
      assertTrue(leave.reason().contains("labelled anew"));
      assertFalse(leave.reason().contains("TRAIN-0"));
    }
  }

  @Test
  void whatANewerPlanMadeMootIsForgottenButNotWhatIsDeployed() throws Exception {
    ModelReference base = bench.training();
    Manifest first = bench.manifest(PRESS, bench.raw(Kind.MANIFEST));
    Digest moot = first.sections().get(0).chunks().get(0).digest();
    assertTrue(bench.storage.blobs().has(moot));
    ModelReference candidate = bench.model(PRESS, 1, 0.9f);
    bench.send(PRESS, at(1, 1), plan("evaluate", candidate, false, "press1"));
    bench.serve();
    bench.raw(Kind.MANIFEST);
    await(() -> !bench.storage.blobs().has(moot));
    base.parameters()
        .chunks()
        .forEach(each -> assertTrue(bench.storage.blobs().has(each.digest())));
    try (Bench again = bench.afterKill(folder.resolve("again")).start().connect()) {
      assertEquals(base.digest(), again.view("press").deployed().orElseThrow());
      ModelReference third = again.model(PRESS, 2, 0.1f);
      again.send(PRESS, at(2, 0), plan("train", third, true, "press1"));
      again.serve();
      again.raw(Kind.MANIFEST);
      again.send(PRESS, at(2, 1), plan("evaluate", third, false, "press1"));
      again.raw(Kind.MANIFEST);
      Digest old = candidate.parameters().chunks().get(0).digest();
      await(() -> !again.storage.blobs().has(old));
      third
          .parameters()
          .chunks()
          .forEach(each -> assertTrue(again.storage.blobs().has(each.digest())));
    }
  }

  @Test
  void everyPassageIsOnRecordWithItsSizeAndSurvivesARestart() throws Exception {
    bench.training();
    byte[] reply = bench.raw(Kind.MANIFEST);
    EgressRecord record =
        bench.site.egress(100).stream()
            .filter(each -> each.kind().equals("manifest"))
            .findFirst()
            .orElseThrow();
    assertEquals(reply.length, record.bytes());
    assertEquals("press", record.task());
    assertTrue(record.passed());
    assertEquals(Bench.CLOCK.instant(), record.time());
    try (Bench again = bench.afterKill(folder.resolve("again"))) {
      assertTrue(again.site.egress(100).contains(record));
    }
  }
}
