// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import static org.fedwerk.site.internal.Bench.at;
import static org.fedwerk.site.internal.Bench.await;
import static org.fedwerk.site.internal.Bench.plan;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Set;
import org.fedwerk.api.Digest;
import org.fedwerk.api.message.Body.Manifest;
import org.fedwerk.api.message.Body.Ready;
import org.fedwerk.api.message.Body.Sync;
import org.fedwerk.api.message.Kind;
import org.fedwerk.api.message.ModelReference;
import org.fedwerk.api.predict.LearningState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoundHoursTest {
  private static final Digest PRESS = Tasks.digest(Tasks.PRESS);
  private static final String CLOSED =
      "outside this site's hours for rounds, 22:00-06:00 Europe/Vienna";

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          22:00-06:00              | UTC           | 2026-01-02T21:59:59Z | false
          22:00-06:00              | UTC           | 2026-01-02T22:00:00Z | true
          22:00-06:00              | UTC           | 2026-01-03T05:59:59Z | true
          22:00-06:00              | UTC           | 2026-01-03T06:00:00Z | false
          12:00-12:30, 22:00-06:00 | UTC           | 2026-01-02T12:29:00Z | true
          12:00-12:30,22:00 - 06:00 | UTC          | 2026-01-02T12:30:00Z | false
          22:00-06:00              | Europe/Vienna | 2026-01-02T21:30:00Z | true
          22:00-06:00              | Europe/Vienna | 2026-07-02T20:30:00Z | true
          22:00-06:00              | Europe/Vienna | 2026-07-02T04:30:00Z | false
          """)
  void aSpanIsOfTheLocalDayAndMayGoOverMidnight(
      String allowed, String zone, Instant now, boolean open) {
    assertEquals(open, RoundHours.of(allowed, zone).areOpen(now));
  }

  @Test
  void withoutASpanItIsAlwaysOpen() {
    assertTrue(RoundHours.of("", "").areOpen(Instant.EPOCH));
    assertTrue(RoundHours.ALWAYS.areOpen(Instant.EPOCH));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          22-06         | UTC    | rounds.allowed = "22-06" is not allowed; use times like 22:00-06:00
          22:00-24:30   | UTC    | rounds.allowed = "22:00-24:30"
          06:00-06:00   | UTC    | rounds.allowed = "06:00-06:00"
          22:00-06:00   | Vienna | rounds.zone = "Vienna" is not allowed; use a name like Europe/Vienna
          """)
  void aSpanOrZoneThatIsNoneIsRefusedWithItsKey(String allowed, String zone, String what) {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> RoundHours.of(allowed, zone));
    assertTrue(String.valueOf(refused.getMessage()).contains(what), refused.getMessage());
  }

  /** A site that works at night; it is 04:04 there. */
  private Bench night() {
    return new Bench(
            folder.resolve("site"),
            new SiteSettings(
                Set.of(),
                131_072,
                100_000,
                1000,
                16_777_216,
                RoundHours.of("22:00-06:00", "Europe/Vienna")))
        .start()
        .connect();
  }

  @Test
  void outsideItsHoursASiteSaysSoAndJoinsTheSameRoundWhenTheyBegin() throws Exception {
    try (Bench bench = night()) {
      bench.approved(Tasks.PRESS);
      bench.time = Instant.parse("2026-01-02T09:00:00Z");
      assertEquals(new Ready(false, CLOSED, 0, 0, 0), bench.next(Ready.class, Kind.READY));
      await(() -> bench.view("press").learning() == LearningState.IDLE);
      assertEquals(CLOSED, bench.view("press").reason());

      ModelReference model = bench.model(PRESS, 4, 0.5f);
      bench.send(PRESS, at(5, 0), plan("train", model, true, "press1", "press2"));
      bench.serve();
      await(() -> bench.view("press").deployed().isPresent());
      assertEquals(5, bench.view("press").round());
      assertEquals(0, bench.engine.trainings.get(), "it only predicts");

      bench.link.sent.clear();
      bench.time = Instant.parse("2026-01-02T21:00:00Z");
      assertEquals(at(5, 0), bench.next(Sync.class, Kind.SYNC).tasks().get(0).position());
      assertTrue(bench.next(Ready.class, Kind.READY).willing());
      bench.send(PRESS, at(5, 0), plan("train", model, true, "press1", "press2"));
      assertEquals(model.digest(), bench.next(Manifest.class, Kind.MANIFEST).base());
    }
  }

  @Test
  void workThatTheEndOfTheHoursMeetsStopsAndIsDoneAlikeInTheNextOnes() throws Exception {
    try (Bench bench = night()) {
      bench.engine.hold();
      ModelReference model = bench.training();
      assertTrue(bench.engine.begun.tryAcquire(15, java.util.concurrent.TimeUnit.SECONDS));
      bench.time = Instant.parse("2026-01-02T05:00:00Z");
      assertEquals(CLOSED, bench.next(Ready.class, Kind.READY).reason());
      await(() -> bench.view("press").learning() == LearningState.IDLE);
      assertFalse(bench.site.used("press", "train").isEmpty());

      bench.engine.go.complete(null);
      bench.link.sent.clear();
      bench.time = Instant.parse("2026-01-02T21:00:00Z");
      bench.next(Sync.class, Kind.SYNC);
      bench.send(PRESS, at(1, 0), plan("train", model, true, "press1", "press2"));
      assertEquals(model.digest(), bench.next(Manifest.class, Kind.MANIFEST).base());
      assertEquals(2, bench.engine.trainings.get());
    }
  }
}
