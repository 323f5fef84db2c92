// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import static org.fedwerk.site.internal.Bench.at;
import static org.fedwerk.site.internal.Bench.plan;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
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

/** What a site does when another coordinator has taken over, and the old one still speaks. */
class TakenOverTest {
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

  private static Position later(int round, int phase) {
    return new Position(2, round, 1, phase);
  }

  @Test
  void theReplyThatIsThereGoesAgainByteForByteToWhoeverTookOver() throws Exception {
    ModelReference model = bench.training();
    byte[] reply = bench.raw(Kind.MANIFEST);
    bench.send(PRESS, at(1, 0), new Body.Receipt(bench.bodyDigest(reply), true, ""));
    bench.send(PRESS, later(1, 0), plan("train", model, true, "press1", "press2"));
    assertArrayEquals(reply, bench.raw(Kind.MANIFEST));
    assertEquals(1, bench.engine.trainings.get());
    Manifest manifest = bench.manifest(PRESS, reply);
    assertEquals(3, bench.fetch(PRESS, later(1, 0), manifest).size());
  }

  @Test
  void theReplyThatIsThereGoesAgainAfterARestartOfTheSiteToo() throws Exception {
    ModelReference model = bench.training();
    byte[] reply = bench.raw(Kind.MANIFEST);
    bench.send(PRESS, later(1, 0), plan("train", model, true, "press1", "press2"));
    assertArrayEquals(reply, bench.raw(Kind.MANIFEST));
    try (Bench next = bench.afterKill(folder.resolve("next")).start().connect()) {
      next.link.connect();
      assertArrayEquals(reply, next.raw(Kind.MANIFEST));
      next.send(PRESS, later(1, 0), plan("train", model, true, "press1", "press2"));
      assertArrayEquals(reply, next.raw(Kind.MANIFEST));
      assertEquals(0, next.engine.trainings.get());
    }
  }

  @Test
  void workThatIsUnderWayGoesOnAndIsAnsweredInTheNewEpoch() throws Exception {
    bench.engine.hold();
    ModelReference model = bench.training();
    assertTrue(bench.engine.begun.tryAcquire(Bench.PATIENCE_SECONDS, TimeUnit.SECONDS));
    bench.send(PRESS, later(1, 0), plan("train", model, true, "press1", "press2"));
    bench.send(PRESS, at(1, 0), plan("train", model, true, "press1", "press2"));
    bench.awaitRefusal("another coordinator has taken over");
    bench.engine.go.complete(null);
    Message reply = bench.next(Kind.MANIFEST);
    assertEquals(later(1, 0), reply.header().position());
    assertEquals(1, bench.engine.trainings.get());
  }

  @Test
  void anotherModelInTheSamePhaseIsTrainedAnew() throws Exception {
    bench.training();
    bench.raw(Kind.MANIFEST);
    ModelReference other = bench.model(PRESS, 0, 0.9f);
    bench.send(PRESS, later(1, 0), plan("train", other, true, "press1", "press2"));
    bench.serve();
    Message reply = bench.next(Kind.MANIFEST);
    assertEquals(other.digest(), ((Manifest) reply.body()).base());
    assertEquals(later(1, 0), reply.header().position());
    assertEquals(2, bench.engine.trainings.get());
  }

  @Test
  void whoeverWasTakenOverIsRefusedWhateverItSays() throws Exception {
    ModelReference model = bench.training();
    byte[] reply = bench.raw(Kind.MANIFEST);
    bench.send(PRESS, later(1, 0), plan("train", model, true, "press1", "press2"));
    bench.raw(Kind.MANIFEST);
    bench.send(PRESS, at(9, 0), plan("train", model, true, "press1", "press2"));
    bench.send(PRESS, at(1, 0), new Body.Receipt(bench.bodyDigest(reply), false, "over"));
    bench.awaitRefusal("refused messages: 2");
    assertEquals(1, bench.view("press").round());
    bench.link.cut();
    bench.link.sent.clear();
    bench.link.connect();
    assertArrayEquals(reply, bench.raw(Kind.MANIFEST));
  }
}
