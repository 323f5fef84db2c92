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
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.Set;
import org.fedwerk.api.Digest;
import org.fedwerk.api.message.Body.Manifest;
import org.fedwerk.api.message.Body.Ready;
import org.fedwerk.api.message.Body.Sync;
import org.fedwerk.api.message.Kind;
import org.fedwerk.api.message.ModelReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RoundQuotaTest {
  private static final Digest PRESS = Tasks.digest(Tasks.PRESS);
  private static final Digest OTHER = Tasks.digest("another task");
  private static final String FULL = "policy, 1 of 1 rounds today, next 00:00 UTC";

  @TempDir Path folder;

  private static RoundQuota quota(Disk disk, int perDay, String hours, String now) {
    return new RoundQuota(
        disk.journal(),
        perDay,
        RoundHours.of(hours, "Europe/Vienna"),
        Clock.fixed(Instant.parse(now), ZoneOffset.UTC));
  }

  @Test
  void roundsOfAllTasksCountOncePerLocalDayAlsoOverARestart() {
    try (Disk disk = new Disk(folder)) {
      RoundQuota evening = quota(disk, 2, "", "2026-01-02T22:59:00Z");
      assertTrue(evening.begin(PRESS, 1));
      assertTrue(evening.begin(PRESS, 1), "another attempt of it");
      assertEquals(Optional.empty(), evening.full());
      assertTrue(evening.begin(OTHER, 1));
      assertEquals(
          Optional.of("policy, 2 of 2 rounds today, next 00:00 Europe/Vienna"), evening.full());
      assertFalse(evening.begin(PRESS, 2));

      RoundQuota again = quota(disk, 2, "06:00-08:00, 12:00-13:00", "2026-01-02T22:59:30Z");
      assertEquals(
          Optional.of("policy, 2 of 2 rounds today, next 06:00 Europe/Vienna"), again.full());
      assertTrue(again.begin(PRESS, 1), "a training that a kill interrupted");

      RoundQuota midnight = quota(disk, 2, "", "2026-01-02T23:00:00Z");
      assertEquals(Optional.empty(), midnight.full());
      assertTrue(midnight.begin(PRESS, 2));
    }
  }

  @Test
  void withoutACapRoundsAreCountedAndNoneIsTooMany() {
    try (Disk disk = new Disk(folder)) {
      RoundQuota any = quota(disk, 0, "", "2026-01-02T10:00:00Z");
      for (int round = 1; round <= 5; round++) {
        assertTrue(any.begin(PRESS, round));
      }
      assertEquals(Optional.empty(), any.full());
      assertFalse(quota(disk, 5, "", "2026-01-02T11:00:00Z").begin(PRESS, 6), "set later");
    }
  }

  @Test
  void aCapBelowNoneIsRefusedWithItsKey() {
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> SiteSettings.approving(Set.of()).withRounds("", "UTC", -1));
    assertTrue(String.valueOf(refused.getMessage()).contains("rounds.per.day"), refused.toString());
  }

  @Test
  void aSiteThatHasHadItsRoundsSaysSoAnswersTheRestOfTheRoundAndJoinsTheNextDay() throws Exception {
    SiteSettings settings = SiteSettings.approving(Set.of()).withRounds("", "UTC", 1);
    try (Bench bench = new Bench(folder.resolve("site"), settings).start().connect()) {
      bench.time = Instant.parse("2026-01-02T09:00:00Z");
      ModelReference model = bench.training();
      Ready ready = bench.next(Ready.class, Kind.READY);
      assertEquals(new Ready(false, FULL, 0, 0, 0), ready);
      assertEquals(model.digest(), bench.next(Manifest.class, Kind.MANIFEST).base());

      bench.send(PRESS, at(1, 1), plan("evaluate", model, false, "press1", "press2"));
      assertTrue(bench.next(Manifest.class, Kind.MANIFEST).evaluation().isPresent());

      bench.send(PRESS, at(2, 0), plan("train", model, true, "press1", "press2"));
      await(() -> bench.view("press").round() == 2);
      await(() -> bench.view("press").reason().equals(FULL));
      assertEquals(1, bench.engine.trainings.get());

      bench.link.sent.clear();
      bench.time = Instant.parse("2026-01-03T00:00:00Z");
      assertEquals(at(2, 0), bench.next(Sync.class, Kind.SYNC).tasks().get(0).position());
      assertTrue(bench.next(Ready.class, Kind.READY).willing());
      bench.send(PRESS, at(2, 0), plan("train", model, true, "press1", "press2"));
      assertEquals(model.digest(), bench.next(Manifest.class, Kind.MANIFEST).base());
      assertEquals(2, bench.engine.trainings.get());
    }
  }
}
