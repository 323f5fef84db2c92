// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import static org.fedwerk.site.internal.Bench.at;
import static org.fedwerk.site.internal.Bench.await;
import static org.fedwerk.site.internal.Bench.plan;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.fedwerk.api.Digest;
import org.fedwerk.api.message.Body;
import org.fedwerk.api.message.Body.Leave;
import org.fedwerk.api.message.Body.Manifest;
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

/** What a site does on plans. */
class RoundTest {
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
  void aTrainPlanIsAnsweredWithADeltaThatTheCoordinatorCanFetch() throws Exception {
    ModelReference model = bench.training();
    byte[] payload = bench.raw(Kind.MANIFEST);
    Manifest manifest = bench.manifest(PRESS, payload);
    assertEquals(model.digest(), manifest.base());
    assertEquals(6, manifest.weight());
    assertEquals(23, manifest.sections().get(0).size());
    assertEquals("delta", manifest.sections().get(0).name());
    assertEquals("train.loss", manifest.metrics().get(0).name());
    assertEquals(3, bench.fetch(PRESS, at(1, 0), manifest).size());
    assertEquals(
        manifest.training(),
        bench.site.used("press", "train").isEmpty() ? null : manifest.training());
    assertEquals(6, bench.site.used("press", "train").size());
    assertEquals(model.digest(), bench.view("press").deployed().orElseThrow());
    bench.send(PRESS, at(1, 0), new Body.Receipt(bench.bodyDigest(payload), true, ""));
    bench.link.cut();
    bench.link.sent.clear();
    bench.link.connect();
    bench.next(Kind.READY);
    assertTrue(
        bench.link.sent.stream().noneMatch(each -> each.address().kind() == Kind.MANIFEST),
        "an answered reply is not sent again");
  }

  @Test
  void theFirstTrainingReadsWhatTheNormalisationWasFittedOnThoughPartsGoOnComing()
      throws Exception {
    bench.engine.loading =
        () -> bench.examples.examples = Tasks.examples(bench.examples.examples.size(), 3, 3);
    bench.training();
    Manifest manifest = bench.manifest(PRESS, bench.raw(Kind.MANIFEST));
    assertEquals(bench.site.used("press", "normalise").size(), manifest.weight());
    assertEquals(bench.site.used("press", "normalise"), bench.site.used("press", "train"));
  }

  @Test
  void anEvaluationIsCountsAndTheCandidateIsNotDeployed() throws Exception {
    ModelReference base = bench.training();
    bench.raw(Kind.MANIFEST);
    ModelReference candidate = bench.model(PRESS, 1, 0.75f);
    bench.send(PRESS, at(1, 1), plan("evaluate", candidate, false, "press1", "press2"));
    bench.serve();
    Manifest manifest = bench.next(Manifest.class, Kind.MANIFEST);
    assertEquals(3, manifest.evaluation().orElseThrow().count());
    assertEquals(List.of(), manifest.sections());
    assertEquals(candidate.digest(), manifest.base());
    assertEquals(base.digest(), bench.view("press").deployed().orElseThrow());
  }

  @Test
  void anEvaluationOverFewerExamplesThanTheTaskAllowsIsKeptBack() throws Exception {
    bench.examples.examples = Tasks.examples(6, 1, 0);
    bench.training();
    bench.raw(Kind.MANIFEST);
    ModelReference candidate = bench.model(PRESS, 1, 0.75f);
    bench.send(PRESS, at(1, 1), plan("evaluate", candidate, false, "press1"));
    bench.serve();
    assertTrue(bench.next(Manifest.class, Kind.MANIFEST).evaluation().isEmpty());
  }

  @Test
  void deployIsAnsweredWithWhatIsDeployedAndFinishedPromotesIt() throws Exception {
    ModelReference base = bench.training();
    bench.raw(Kind.MANIFEST);
    bench.send(PRESS, at(2, 1), plan("deploy", base, true, "press1"));
    Manifest deployed = bench.next(Manifest.class, Kind.MANIFEST);
    assertEquals(base.digest(), deployed.base());
    assertEquals(1, deployed.localRevision());
    bench.send(PRESS, at(3, 0), plan("finished", base, true));
    await(() -> bench.view("press").learning() == LearningState.PROMOTED);
  }

  @Test
  void aPlanSignedByASitesCertificateIsRefused() throws Exception {
    bench.approved(Tasks.PRESS);
    ModelReference model = bench.model(PRESS, 0, 0.5f);
    bench.forge(PRESS, at(1, 0), plan("train", model, true, "press1"));
    await(() -> bench.site.status().get(0).detail().contains("refused messages: 1"));
    assertEquals(0, bench.view("press").round());
  }

  @Test
  void aSiteOutsideTheCohortDeploysTheCommittedModelAndAnswersNothing() throws Exception {
    bench.approved(Tasks.PRESS);
    ModelReference model = bench.model(PRESS, 4, 0.5f);
    bench.send(PRESS, at(5, 0), plan("train", model, true, "press2", "press3"));
    bench.serve();
    await(() -> bench.view("press").deployed().isPresent());
    ModelReference candidate = bench.model(PRESS, 5, 0.6f);
    bench.send(PRESS, at(5, 1), plan("evaluate", candidate, false, "press2"));
    bench.send(PRESS, at(5, 0), plan("train", model, true, "press2"));
    bench.awaitRefusal("older than one"); // so the evaluation was seen, and left to others
    assertEquals(0, bench.engine.trainings.get());
    assertEquals(model.digest(), bench.view("press").deployed().orElseThrow());
  }

  @Test
  void aForgedChunkIsDroppedAndTheRightOneStillCounts() throws Exception {
    bench.approved(Tasks.PRESS);
    ModelReference model = bench.model(PRESS, 0, 0.5f);
    bench.send(PRESS, at(1, 0), plan("train", model, true, "press1"));
    List<Digest> wanted = bench.next(Body.Fetch.class, Kind.FETCH).digests();
    assertEquals(3, wanted.size());
    byte[] forged = bench.chunkOf(wanted.get(0)).clone();
    forged[0] ^= 1;
    bench.chunk(forged);
    bench.awaitRefusal("nobody asked for it");
    assertFalse(bench.storage.blobs().has(Digest.of(forged)));
    wanted.forEach(each -> bench.chunk(bench.chunkOf(each)));
    assertEquals(model.digest(), bench.next(Manifest.class, Kind.MANIFEST).base());
  }

  @Test
  void aModelOfAnotherGlobalDigestMakesItLeaveTheRoundAndTheNextPlanIsFollowed() throws Exception {
    bench.approved(Tasks.PRESS);
    ModelReference model = bench.model(PRESS, 0, 0.5f);
    ModelReference wrong =
        new ModelReference(0, Tasks.digest("other"), model.layout(), model.parameters());
    bench.send(PRESS, at(1, 0), plan("train", wrong, true, "press1"));
    bench.serve();
    Leave leave = bench.next(Leave.class, Kind.LEAVE);
    assertFalse(leave.wholeTask());
    assertTrue(leave.reason().contains("global digest"));
    await(() -> bench.view("press").learning() == LearningState.FAILED);
    assertTrue(bench.view("press").deployed().isEmpty());

    bench.send(PRESS, new Position(1, 1, 2, 0), plan("train", model, true, "press1"));
    assertEquals(model.digest(), bench.next(Manifest.class, Kind.MANIFEST).base());
    await(() -> bench.view("press").learning() == LearningState.READY);
  }

  @Test
  void anEngineThatFailsMakesItLeaveWithoutTellingData() throws Exception {
    bench.engine.broken = true;
    bench.training();
    Leave leave = bench.next(Leave.class, Kind.LEAVE);
    assertTrue(leave.reason().contains("internal failure"));
    assertFalse(leave.reason().contains("42.5") || leave.reason().contains("S-17"));
    bench.engine.broken = false;
    bench.engine.diverges = true;
    ModelReference model = bench.model(PRESS, 0, 0.5f);
    bench.send(PRESS, new Position(1, 1, 2, 0), plan("train", model, true, "press1"));
    assertTrue(bench.next(Leave.class, Kind.LEAVE).reason().contains("not finite at step 3"));
  }

  @Test
  void aNewerPlanStopsTheWorkOnAnOlderOne() throws Exception {
    bench.engine.hold();
    bench.training();
    assertTrue(bench.engine.begun.tryAcquire(Bench.PATIENCE_SECONDS, TimeUnit.SECONDS));
    ModelReference next = bench.model(PRESS, 1, 0.9f);
    bench.engine.go = CompletableFuture.completedFuture(null);
    bench.send(PRESS, at(2, 0), plan("train", next, true, "press1"));
    bench.serve();
    Message reply = bench.next(Kind.MANIFEST);
    assertEquals(at(2, 0), reply.header().position());
    assertEquals(next.digest(), ((Manifest) reply.body()).base());
    assertEquals(2, bench.engine.trainings.get());
    await(() -> bench.view("press").learning() == LearningState.READY);
  }

  @Test
  void aChunkIsNotGivenUnderAnotherTasksName() throws Exception {
    bench.training();
    Manifest manifest = bench.manifest(PRESS, bench.raw(Kind.MANIFEST));
    String other = Tasks.yaml("other", 2);
    bench.approved(other);
    bench.send(Tasks.digest(other), at(1, 0), new Body.Fetch(Bench.chunksOf(manifest)));
    bench.awaitRefusal("of no reply of this site");
  }

  @Test
  void closingInMidTrainingEndsPromptlyAndStatusSaysThatThereIsNoLink() throws Exception {
    bench.engine.hold();
    bench.training();
    assertTrue(bench.engine.begun.tryAcquire(Bench.PATIENCE_SECONDS, TimeUnit.SECONDS));
    bench.site.disconnect();
    assertEquals(StatusLine.State.WAITING, bench.site.status().get(0).state());
  }
}
