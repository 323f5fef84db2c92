// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.fedwerk.api.Digest;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.data.DataRole;
import org.fedwerk.api.message.Position;
import org.fedwerk.api.message.ReplyKey;
import org.fedwerk.api.predict.Prediction;
import org.fedwerk.api.predict.Prediction.Trust;
import org.fedwerk.api.site.SiteAgent.UsedExample;
import org.fedwerk.learn.internal.NamedArchitectures;
import org.fedwerk.site.internal.EgressGate.Beyond;
import org.fedwerk.site.internal.KnownTask.Approval;
import org.fedwerk.site.internal.ManifestBook.UseManifest;
import org.fedwerk.task.internal.YamlTaskReader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a site keeps is there again after it is opened anew, and files do not grow for ever. */
class BooksTest {
  private static final Digest PRESS = Tasks.digest(Tasks.PRESS);

  @TempDir Path folder;
  private Disk disk;

  @BeforeEach
  void open() {
    disk = new Disk(folder);
  }

  @AfterEach
  void shut() {
    disk.close();
  }

  private static Digest digest(String of) {
    return Digest.of(of.getBytes(StandardCharsets.UTF_8));
  }

  private static ReplyKey key(int round) {
    return new ReplyKey(PRESS, round, 1, 0, "press1");
  }

  // --- tasks

  private TaskBook tasks() {
    return new TaskBook(disk.journal(), new YamlTaskReader(), new NamedArchitectures());
  }

  @Test
  void tasksAndDecisionsComeBack() throws Exception {
    TaskBook book = tasks();
    KnownTask offered = book.offer(Tasks.PRESS);
    assertSame(offered, book.offer(Tasks.PRESS));
    book.decide(PRESS, Approval.DECLINED, "ann", "declined by ann");
    book.decide(PRESS, Approval.APPROVED, "ann", "");
    book.offer(Tasks.yaml("other", 1));
    book.finish(PRESS);
    disk.again();
    KnownTask back = tasks().find(PRESS).orElseThrow();
    assertTrue(back.isApproved() && back.finished());
    assertEquals(offered.document(), back.document());
    assertTrue(tasks().named("other").isWaiting());
  }

  @Test
  void aTaskIsFoundByNameOrBeginOfItsDigestAndAnAmbiguousNameIsRefused() throws Exception {
    TaskBook book = tasks();
    book.offer(Tasks.PRESS);
    assertEquals(PRESS, book.named("press").digest());
    assertEquals(PRESS, book.named(PRESS.hex().substring(0, 6)).digest());
    assertThrows(RefusedException.class, () -> book.named(PRESS.hex().substring(0, 5)));
    assertThrows(RefusedException.class, () -> book.named("pres"));
    book.offer(Tasks.yaml("press", 2));
    RefusedException two = assertThrows(RefusedException.class, () -> book.named("press"));
    assertTrue(two.getMessage().contains("begin of the digest"));
  }

  @Test
  void aTaskThatThisProgramNoLongerAcceptsIsLeftOutAndTheOthersStay() throws Exception {
    TaskBook book = tasks();
    book.offer(Tasks.PRESS);
    book.offer(Tasks.yaml("other", 1));
    book.decide(PRESS, Approval.APPROVED, "ann", "");
    disk.again();
    TaskBook stricter =
        new TaskBook(
            disk.journal(),
            yaml -> {
              if (yaml.contains("task: press")) {
                throw new RefusedException("task", "is not accepted any more");
              }
              return new YamlTaskReader().read(yaml);
            },
            new NamedArchitectures());
    assertEquals(1, stricter.all().size());
    disk.again();
    assertTrue(tasks().find(PRESS).orElseThrow().isApproved());
  }

  @Test
  void aModelThatCannotBeBuiltIsRefusedWhenItIsOffered() {
    String huge =
        Tasks.PRESS.replace("hidden: [3]", "hidden: [4096, 4096, 4096, 4096, 4096, 4096]");
    assertThrows(RefusedException.class, () -> tasks().offer(huge));
  }

  // --- positions

  @Test
  void theHighestPositionComesBackAndOnlyRises() {
    Positions positions = new Positions(disk.journal());
    assertEquals(Position.NONE, positions.of(PRESS));
    positions.raise(PRESS, new Position(1, 2, 1, 0));
    positions.raise(PRESS, new Position(1, 1, 9, 9));
    disk.again();
    assertEquals(new Position(1, 2, 1, 0), new Positions(disk.journal()).of(PRESS));
  }

  @Test
  void manyPositionsLeaveOnlyTheNewestFilesBehind() {
    Positions positions = new Positions(disk.journal());
    positions.raise(digest("quiet"), new Position(1, 7, 1, 0));
    for (int round = 1; round <= 2500; round++) {
      positions.raise(PRESS, new Position(1, round, 1, 0));
    }
    assertTrue(disk.journal().first() > 1000, "nothing was dropped");
    disk.again();
    Positions back = new Positions(disk.journal());
    assertEquals(2500, back.of(PRESS).round());
    assertEquals(7, back.of(digest("quiet")).round());
  }

  // --- sequence

  @Test
  void numbersCountUpAndNeverRepeatOverRestarts() {
    Sequence sequence = new Sequence(disk.journal(), "book");
    long last = 0;
    for (int i = 0; i < 2500; i++) {
      long next = sequence.next();
      assertTrue(next > last);
      last = next;
    }
    for (int restart = 0; restart < 3; restart++) {
      disk.again();
      long first = new Sequence(disk.journal(), "book").next();
      assertTrue(first > last);
      last = first;
    }
  }

  // --- outbox

  private static Outbox.Reply reply(int round, String... chunks) {
    return new Outbox.Reply(
        key(round),
        1,
        ("sealed " + round).getBytes(StandardCharsets.UTF_8),
        digest("body " + round),
        List.of(chunks).stream().map(BooksTest::digest).toList(),
        false);
  }

  @Test
  void aReplyComesBackByteForByteUntilItIsAnswered() {
    Outbox outbox = new Outbox(disk.journal());
    outbox.add(reply(1, "a", "b"));
    outbox.add(reply(2, "c"));
    outbox.settle(digest("body 1"));
    disk.again();
    Outbox back = new Outbox(disk.journal());
    assertEquals(List.of(key(2)), back.unanswered().stream().map(Outbox.Reply::key).toList());
    assertTrue(back.find(key(1)).orElseThrow().settled());
    assertArrayEquals(reply(1).sealed(), back.find(key(1)).orElseThrow().sealed());
    assertEquals(Set.of(digest("a"), digest("b"), digest("c")), back.chunks());
    assertTrue(back.offers(PRESS, digest("a")));
    assertFalse(back.offers(digest("another task"), digest("a")));
  }

  @Test
  void aReplyComesBackWithWhatTheGateMustKnowAndOneOfAnOlderProgramHasNoneOfIt() {
    Outbox.Reply plain = reply(1);
    disk.journal()
        .append(
            ManifestBook.writeKey(new StateWriter(1), plain.key())
                .number(plain.epoch())
                .raw(plain.sealed())
                .digest(plain.body())
                .list(plain.chunks(), StateWriter::digest)
                .record());
    Outbox outbox = new Outbox(disk.journal());
    Outbox.Reply told = reply(2);
    outbox.add(
        new Outbox.Reply(
            told.key(), told.epoch(), told.sealed(), told.body(), told.chunks(), false, 5, true));
    disk.again();
    Outbox back = new Outbox(disk.journal());
    assertEquals(Set.of(), back.find(key(1)).orElseThrow().beyond());
    assertEquals(5, back.find(key(2)).orElseThrow().statistics());
    assertEquals(EnumSet.allOf(Beyond.class), back.find(key(2)).orElseThrow().beyond());
    back.settle(told.body());
    assertEquals(5, back.find(key(2)).orElseThrow().statistics());
    assertEquals(EnumSet.allOf(Beyond.class), back.find(key(2)).orElseThrow().beyond());
  }

  @Test
  void aNewerPlanForgetsWhatIsBelowItAndItsFiles() {
    Outbox outbox = new Outbox(disk.journal());
    for (int round = 1; round <= 300; round++) {
      outbox.add(reply(round, "chunk " + round, "shared"));
      outbox.forget(PRESS, new Position(1, round, 1, 0), false);
    }
    assertEquals(1, outbox.unanswered().size());
    assertFalse(outbox.needs(digest("chunk 299")));
    assertTrue(outbox.needs(digest("chunk 300")) && outbox.needs(digest("shared")));
    assertTrue(disk.journal().first() > 200, "nothing was dropped");
    outbox.forget(PRESS);
    assertEquals(Optional.empty(), outbox.find(key(300)));
  }

  // --- manifests

  private static UseManifest use(String task, int round, String request) {
    return new UseManifest(
        new ReplyKey(digest(task), round, 1, 0, "press1"),
        request,
        digest("base"),
        17L,
        "fake engine",
        List.of(
            new UsedExample("S-1", 2, DataRole.TRAIN),
            new UsedExample("S-2", 1, DataRole.VALIDATION)));
  }

  @Test
  void whatAPhaseReadComesBackWithTheSameDigest() {
    ManifestBook book = new ManifestBook(disk.journal());
    UseManifest train = use("t", 1, "train");
    book.add(train);
    book.add(use("t", 1, "evaluate"));
    disk.again();
    ManifestBook back = new ManifestBook(disk.journal());
    assertEquals(train, back.newest(digest("t"), "train").orElseThrow());
    assertEquals(train.digest(), back.newest(digest("t"), "train").orElseThrow().digest());
    assertEquals(Optional.empty(), back.newest(digest("t"), "test"));
  }

  @Test
  void theNewestOfEachRequestStaysHoweverManyComeOfOthers() {
    ManifestBook book = new ManifestBook(disk.journal());
    UseManifest quiet = use("quiet", 1, "test");
    book.add(quiet);
    for (int round = 1; round <= 1000; round++) {
      book.add(use("busy", round, "train"));
    }
    assertTrue(disk.journal().first() > 500, "nothing was dropped");
    disk.again();
    ManifestBook back = new ManifestBook(disk.journal());
    assertEquals(quiet, back.newest(digest("quiet"), "test").orElseThrow());
    assertEquals(1000, back.newest(digest("busy"), "train").orElseThrow().key().round());
  }

  @Test
  void theSeedDependsOnTaskRoundAndSiteOnly() {
    ReplyKey key = new ReplyKey(PRESS, 3, 1, 0, "press1");
    assertEquals(ManifestBook.seed(key), ManifestBook.seed(new ReplyKey(PRESS, 3, 2, 1, "press1")));
    assertTrue(
        ManifestBook.seed(key) != ManifestBook.seed(new ReplyKey(PRESS, 4, 1, 0, "press1"))
            && ManifestBook.seed(key) != ManifestBook.seed(new ReplyKey(PRESS, 3, 1, 0, "press2"))
            && ManifestBook.seed(key)
                != ManifestBook.seed(new ReplyKey(digest("other"), 3, 1, 0, "press1")));
  }

  // --- predictions

  private static Prediction prediction(String task, long sequence, Trust trust) {
    return new Prediction(
        task,
        "S-" + sequence,
        "bad",
        0.75,
        List.of(0.25, 0.75),
        0.5,
        3,
        digest("model"),
        1,
        sequence,
        trust,
        Instant.parse("2026-01-01T00:00:00.123456789Z"),
        0.125);
  }

  @Test
  void theNewestPredictionOfEachTaskComesBackUncertain() {
    PredictionBook book = new PredictionBook(disk.journal());
    assertEquals(1, book.next("press"));
    book.add(prediction("press", 1, Trust.GOOD));
    book.add(prediction("press", 2, Trust.GOOD));
    book.add(prediction("mill", 9, Trust.BAD));
    disk.again();
    PredictionBook back = new PredictionBook(disk.journal());
    assertEquals(
        Set.of(prediction("press", 2, Trust.UNCERTAIN), prediction("mill", 9, Trust.BAD)),
        Set.copyOf(back.uncertain()));
    assertEquals(3, back.next("press"));
    assertEquals(10, back.next("mill"));
  }

  /** Programs that knew no anomalies wrote neither a score nor whether a part is an alarm. */
  @Test
  void aPredictionWithoutScoreAndAlarmIsReadAsOneOfAnOlderProgram() {
    Prediction then = prediction("press", 4, Trust.GOOD);
    new PredictionBook(disk.journal()).add(then);
    List<byte[]> written = new ArrayList<>();
    disk.journal().replay(disk.journal().first(), (sequence, bytes) -> written.add(bytes));
    byte[] newer = written.get(0);
    disk.journal().append(Arrays.copyOf(newer, newer.length - 2 * Long.BYTES));
    disk.again();
    Prediction back = new PredictionBook(disk.journal()).uncertain().get(0);
    assertEquals(prediction("press", 4, Trust.UNCERTAIN), back);
    assertTrue(Double.isNaN(back.score()) && !back.alarm());
  }

  @Test
  void manyPredictionsLeaveOnlyTheNewestFilesBehind() {
    PredictionBook book = new PredictionBook(disk.journal());
    book.add(prediction("quiet", 1, Trust.GOOD));
    for (int i = 1; i <= 21_000; i++) {
      book.add(prediction("press", i, Trust.GOOD));
    }
    assertTrue(disk.journal().first() > 10_000, "nothing was dropped");
    disk.again();
    PredictionBook back = new PredictionBook(disk.journal());
    assertEquals(21_001, back.next("press"));
    assertEquals(2, back.next("quiet"));
  }

  @Test
  void aRecordOfANewerProgramIsOneClearError() {
    disk.journal().append(new byte[] {9, 1});
    IllegalStateException newer =
        assertThrows(IllegalStateException.class, () -> new Positions(disk.journal()));
    assertTrue(newer.getMessage().contains("site/positions holds records of version 9"));
  }
}
