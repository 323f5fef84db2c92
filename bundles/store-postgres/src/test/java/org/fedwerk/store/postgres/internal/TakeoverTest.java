// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.store.postgres.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.fedwerk.api.Digest;
import org.fedwerk.api.store.Journal;
import org.fedwerk.api.store.Storage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who may write: one process, and after a takeover only the new one. */
@Timeout(60)
class TakeoverTest {
  private static final Duration LEASE = Duration.ofSeconds(1);
  private final PostgresSettings first = Server.fresh(LEASE);
  private final PostgresSettings second = Server.named("second", first.schema(), LEASE);

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static List<String> texts(Journal journal) {
    List<String> texts = new ArrayList<>();
    journal.replay(
        1,
        (sequence, body) -> texts.add(sequence + "=" + new String(body, StandardCharsets.UTF_8)));
    return texts;
  }

  /** As if the holder had stopped renewing: its process hangs, or its network is cut. */
  private void expire() throws Exception {
    Server.sql(
        "update "
            + first.schema()
            + ".lease set holder = 'gone', token = token + 1,"
            + " until = '-infinity'");
  }

  @Test
  void theSecondStandsByAndTakesOverAtOnceWhenTheFirstEndsWithTheNextEpoch() throws Exception {
    try (Seat active = new Seat(first)) {
      Storage storage = active.storage();
      assertEquals(1, storage.epoch());
      try (Seat standby = new Seat(second)) {
        standby.awaitStatus("READY standby: first works with epoch 1");
        assertTrue(standby.hasNothing());
        storage.journal("rounds").append(bytes("a"));
        active.close();
        active.awaitLoss();
        Storage taken = standby.storage();
        assertEquals(2, taken.epoch());
        assertEquals(List.of("1=a"), texts(taken.journal("rounds")));
        assertTrue(standby.status().contains("holds the lease, epoch 2"), standby.status());
      }
    }
  }

  @Test
  void aHolderThatWasTakenOverWritesNothingAndIsToldSo() throws Exception {
    try (Seat deposed = new Seat(first)) {
      Storage old = deposed.storage();
      Journal rounds = old.journal("rounds");
      rounds.append(bytes("a"));
      Digest kept = old.blobs().put(bytes("kept"));
      expire();
      for (Runnable write :
          List.<Runnable>of(
              () -> rounds.append(bytes("b")),
              () -> rounds.dropBefore(2),
              () -> old.blobs().put(bytes("new")),
              () -> old.blobs().delete(kept))) {
        String message = assertThrows(UncheckedIOException.class, write::run).getMessage();
        assertTrue(message.contains("lease"), message);
      }
      deposed.awaitLoss();
      Storage again = deposed.storage();
      assertEquals(3, again.epoch());
      assertEquals(List.of("1=a"), texts(again.journal("rounds")));
      assertTrue(again.blobs().has(kept));
      assertEquals(1, Server.number("select count(*) from " + first.schema() + ".blobs"));
    }
  }

  @Test
  void aWriteUnderWayKeepsTheLeaseFromChangingHandsUntilItIsCommitted() throws Exception {
    try (Seat active = new Seat(first)) {
      Journal rounds = active.storage().journal("rounds");
      // The write waits for this record's fate after it has asked for the lease.
      CompletableFuture<Void> blocked = new CompletableFuture<>();
      CompletableFuture<Void> go = new CompletableFuture<>();
      CompletableFuture<Void> blocking =
          CompletableFuture.runAsync(() -> Server.blocking(first.schema(), blocked, go));
      blocked.get(20, TimeUnit.SECONDS);
      CompletableFuture<Long> write =
          CompletableFuture.supplyAsync(() -> rounds.append(bytes("late")));
      Server.awaitWaiting();
      CompletableFuture<Void> takeover =
          CompletableFuture.runAsync(
              () -> {
                try {
                  expire();
                } catch (Exception failed) {
                  throw new IllegalStateException(failed);
                }
              });
      assertThrows(
          java.util.concurrent.TimeoutException.class,
          () -> takeover.get(300, TimeUnit.MILLISECONDS));
      go.complete(null);
      blocking.get(20, TimeUnit.SECONDS);
      assertEquals(1, write.get(20, TimeUnit.SECONDS));
      takeover.get(20, TimeUnit.SECONDS);
      assertEquals(1, Server.number("select count(*) from " + first.schema() + ".journals"));
    }
  }

  @Test
  void anAppendWhoseAnswerWasLostIsTakenBackBeforeTheNext() throws Exception {
    try (Seat active = new Seat(first)) {
      Storage storage = active.storage();
      Journal rounds = storage.journal("rounds");
      rounds.append(bytes("a"));
      // The record is there, and the append fails: as when its answer is lost after the commit.
      Server.sql("insert into " + first.schema() + ".journals values ('rounds', 2, 'lost'::bytea)");
      assertThrows(UncheckedIOException.class, () -> rounds.append(bytes("b")));
      assertEquals(List.of("1=a"), texts(rounds));
      assertEquals(2, rounds.append(bytes("b")));
      assertEquals(List.of("1=a", "2=b"), texts(rounds));
    }
  }

  @Test
  void theLeaseIsRenewedWhileTheWorkBegins() throws Exception {
    CompletableFuture<Void> begun = new CompletableFuture<>();
    try (Seat active = new Seat(first, begun)) {
      active.awaitStatus("holds the lease, epoch 1");
      String lease = first.schema() + ".lease";
      String taken = "select (extract(epoch from until) * 1000)::bigint from " + lease;
      long until = Server.number(taken);
      Server.await(() -> Server.number(taken) > until + 3 * LEASE.toMillis());
      assertTrue(active.hasNothing());
      begun.complete(null);
      assertEquals(1, active.storage().epoch());
    }
  }

  @Test
  void aConnectionThatEndsIsMadeAnew() throws Exception {
    try (Seat active = new Seat(first)) {
      Storage storage = active.storage();
      Journal rounds = storage.journal("rounds");
      rounds.append(bytes("a"));
      Server.sql(
          "select pg_terminate_backend(pid) from pg_stat_activity where application_name like"
              + " 'fedwerk %'");
      String message =
          assertThrows(UncheckedIOException.class, () -> rounds.append(bytes("b"))).getMessage();
      assertTrue(message.startsWith("appending to journal rounds in jdbc:postgresql:"), message);
      assertTrue(message.endsWith("it is tried again"), message);
      assertEquals(2, rounds.append(bytes("b")));
      active.awaitStatus("READY holds the lease, epoch 1");
    }
  }

  @Test
  void aDatabaseThatIsNotThereIsDownWithItsAddressAndComesByItself() throws Exception {
    PostgresSettings wrong =
        new PostgresSettings(
            "jdbc:postgresql://127.0.0.1:1/postgres", "postgres", "secret", "x", "first", LEASE);
    try (Seat waiting = new Seat(wrong)) {
      waiting.awaitStatus("DOWN preparing the tables in jdbc:postgresql://127.0.0.1:1/postgres");
      assertTrue(!waiting.status().contains("secret"), waiting.status());
    }
  }

  @Test
  void tablesOfANewerReleaseAreRefused() throws Exception {
    new Seat(first).close();
    try (Seat made = new Seat(first)) {
      made.storage();
    }
    Server.sql("update " + first.schema() + ".format set version = 2");
    try (Seat refused = new Seat(first)) {
      refused.awaitStatus("has format version 2, this release reads up to 1");
      assertTrue(refused.hasNothing());
    }
  }
}
