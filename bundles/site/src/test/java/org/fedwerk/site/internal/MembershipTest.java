// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import static org.fedwerk.site.internal.Bench.at;
import static org.fedwerk.site.internal.Bench.await;
import static org.fedwerk.site.internal.Bench.plan;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.fedwerk.api.Digest;
import org.fedwerk.api.Refusal;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.message.Body;
import org.fedwerk.api.message.Body.Leave;
import org.fedwerk.api.message.Body.Ready;
import org.fedwerk.api.message.Body.Sync;
import org.fedwerk.api.message.Kind;
import org.fedwerk.api.message.Message;
import org.fedwerk.api.message.ModelReference;
import org.fedwerk.api.message.Position;
import org.fedwerk.api.predict.LearningState;
import org.fedwerk.api.status.StatusLine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In which tasks a site takes part, and how it says so. */
class MembershipTest {
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
  void onConnectItSaysWhereItStands() throws Exception {
    Sync first = bench.next(Sync.class, Kind.SYNC);
    assertEquals(List.of(), first.tasks());
    bench.approved(Tasks.PRESS);
    bench.link.cut();
    bench.link.connect();
    Sync again = bench.next(Sync.class, Kind.SYNC);
    assertEquals(PRESS, again.tasks().get(0).task());
    assertNull(again.tasks().get(0).deployed());
    assertTrue(bench.next(Ready.class, Kind.READY).willing());
  }

  @Test
  void anOfferedTaskWaitsForItsOwnerAndTellsCountsOnlyOnceItIsApproved() throws Exception {
    bench.offer(Tasks.PRESS);
    Ready waiting = bench.next(Ready.class, Kind.READY);
    assertEquals(new Ready(false, "waits for the approval of the site's owner", 0, 0, 0), waiting);
    assertEquals("waiting", bench.view("press").approval());
    StatusLine line = bench.site.status().get(1);
    assertEquals(StatusLine.State.WAITING, line.state());
    assertTrue(line.detail().contains("fedwerk:task-approve press"));

    bench.site.approve("press", "ann");
    assertEquals(new Ready(true, "", 6, 3, 3), bench.next(Ready.class, Kind.READY));
    await(() -> bench.view("press").learning() == LearningState.READY);
  }

  @Test
  void itMeasuresAPredictionBeforeItIsReadyWhereTheTaskBoundsThat() throws Exception {
    String budget = "hidden: [3], budget: {milliseconds-per-prediction: %s}}";
    String slow = Tasks.PRESS.replace("hidden: [3]}", budget.formatted("0.000001"));
    bench.offer(slow);
    await(() -> !bench.site.tasks().isEmpty());
    bench.site.approve("press", "ann");
    String reason = "";
    while (!reason.contains(" ms here")) {
      Ready ready = bench.next(Ready.class, Kind.READY);
      assertFalse(ready.willing());
      reason = ready.reason();
    }
    assertTrue(reason.endsWith("milliseconds-per-prediction allows 1.0E-6"), reason);
    bench.approved(Tasks.yaml("other", 2).replace("hidden: [3]}", budget.formatted("60000")));
  }

  @Test
  void aTaskOfferedAgainIsAnsweredAgain() throws Exception {
    bench.approved(Tasks.PRESS);
    bench.offer(Tasks.PRESS);
    assertEquals(new Ready(true, "", 6, 3, 3), bench.next(Ready.class, Kind.READY));
  }

  @Test
  void aTaskOfATrustedOwnerIsApprovedByPolicy() throws Exception {
    bench.offer(Tasks.PRESS.replace("owner: quality", "owner: trusted"));
    assertTrue(bench.next(Ready.class, Kind.READY).willing());
    assertEquals("approved", bench.view("press").approval());
  }

  @Test
  void aSchemaThatDoesNotFitIsRefusedByFieldAndCannotBeApproved() throws Exception {
    bench.examples.mismatches =
        List.of(new Refusal("schema.signals.force.unit", 0, "is kN, this site delivers N"));
    bench.offer(Tasks.PRESS);
    Ready refused = bench.next(Ready.class, Kind.READY);
    assertFalse(refused.willing());
    assertTrue(refused.reason().contains("schema.signals.force.unit"));
    assertEquals("refused", bench.view("press").approval());
    RefusedException no =
        assertThrows(RefusedException.class, () -> bench.site.approve("press", "ann"));
    assertTrue(no.getMessage().contains("kN"));
  }

  @Test
  void aVeryLongReasonIsCutSoThatTheCoordinatorTakesIt() throws Exception {
    List<Refusal> many = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      many.add(new Refusal("schema.signals.signal-" + i, 0, "is not delivered\u0007 by this site"));
    }
    bench.examples.mismatches = many;
    bench.offer(Tasks.PRESS);
    String reason = bench.next(Ready.class, Kind.READY).reason();
    assertTrue(reason.length() > 10_000 && reason.endsWith(" ..."));
  }

  @Test
  void aDocumentThatIsNotATaskIsRefusedAndTheCoordinatorHearsWhy() throws Exception {
    String broken = Tasks.PRESS.replace("batch", "bacth");
    bench.offer(broken);
    Message answer = bench.next(Kind.READY);
    assertEquals(Tasks.digest(broken), answer.header().task());
    assertTrue(((Ready) answer.body()).reason().contains("bacth"));
    assertEquals(List.of(), bench.site.tasks());
  }

  @Test
  void aDocumentUnderAnotherTasksDigestIsRefused() {
    bench.send(Tasks.digest("another"), Position.NONE, new Body.TaskOffer(Tasks.PRESS));
    bench.awaitRefusal("digest is not the one its header names");
    assertEquals(List.of(), bench.site.tasks());
  }

  @Test
  void itIsToldAgainWhenTheExamplesBecomeEnough() throws Exception {
    bench.examples.examples = Tasks.examples(3, 0, 0);
    bench.approved(Tasks.PRESS);
    await(() -> bench.view("press").learning() == LearningState.COLLECTING);
    bench.examples.examples = Tasks.examples(4, 0, 0);
    assertEquals(new Ready(true, "", 4, 0, 0), bench.next(Ready.class, Kind.READY));
  }

  @Test
  void aDeclinedTaskIsLeftForGoodAndNothingOfItLeavesAnyMore() throws Exception {
    ModelReference model = bench.training();
    byte[] reply = bench.raw(Kind.MANIFEST);
    bench.site.decline("press", "ann");
    assertTrue(bench.next(Leave.class, Kind.LEAVE).wholeTask());
    assertFalse(bench.next(Ready.class, Kind.READY).willing());
    bench.link.sent.clear();
    bench.send(PRESS, at(1, 0), new Body.Fetch(Bench.chunksOf(bench.manifest(PRESS, reply))));
    bench.awaitRefusal("of no reply of this site");
    bench.send(PRESS, at(2, 0), plan("train", model, true, "press1"));
    await(() -> bench.view("press").round() == 2);
    assertEquals(1, bench.engine.trainings.get());
    bench.link.cut();
    bench.link.connect();
    bench.next(Kind.READY);
    assertTrue(
        bench.link.sent.stream()
            .noneMatch(
                each ->
                    each.address().kind() == Kind.MANIFEST || each.address().kind() == Kind.CHUNK));
  }

  @Test
  void aPlanOfAnUnknownTaskIsAskedForOnceAndNotAgainAndAgain() throws Exception {
    bench.next(Kind.SYNC);
    Digest unknown = Tasks.digest("unknown");
    ModelReference model = bench.model(unknown, 0, 0.5f);
    for (int i = 0; i < 20; i++) {
      bench.send(unknown, at(1, 0), plan("train", model, true, "press1"));
    }
    bench.next(Kind.SYNC);
    bench.approved(Tasks.PRESS); // its answers are behind all those plans
    long syncs =
        bench.link.sent.stream().filter(each -> each.address().kind() == Kind.SYNC).count();
    assertTrue(syncs <= 1, syncs + " more were sent");
  }

  @Test
  void aTaskThatEndedBeforeItsApprovalIsDeployedOnceItIsApproved() throws Exception {
    bench.offer(Tasks.PRESS);
    bench.next(Kind.READY);
    ModelReference model = bench.model(PRESS, 3, 0.5f);
    bench.send(PRESS, at(4, 0), plan("finished", model, true));
    await(() -> bench.view("press").round() == 4);
    bench.link.sent.clear();
    bench.site.approve("press", "ann");
    bench.next(Kind.SYNC);
    bench.send(PRESS, at(4, 0), plan("finished", model, true));
    bench.serve();
    await(() -> bench.view("press").deployed().isPresent());
    await(() -> bench.view("press").learning() == LearningState.PROMOTED);
  }
}
