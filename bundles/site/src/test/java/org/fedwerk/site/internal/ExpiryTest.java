// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import static org.fedwerk.site.internal.Bench.at;
import static org.fedwerk.site.internal.Bench.await;
import static org.fedwerk.site.internal.Bench.plan;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.fedwerk.api.Digest;
import org.fedwerk.api.identity.Identity;
import org.fedwerk.api.message.ModelReference;
import org.fedwerk.api.predict.Prediction.Trust;
import org.fedwerk.identity.internal.Authority;
import org.fedwerk.identity.internal.AuthoritySettings;
import org.fedwerk.identity.internal.SiteIdentity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With the real certificates of a federation, and a clock that goes beyond them. */
class ExpiryTest {
  private static final Digest TASK = Tasks.digest(Tasks.PRESS);
  private static final Duration BEYOND = Duration.ofDays(6 * 365);

  @TempDir Path folder;

  private static final class Moving extends Clock {
    private volatile Instant now = Instant.parse("2026-03-01T08:00:00Z");

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      throw new UnsupportedOperationException();
    }
  }

  @Test
  void anExpiredCertificateRefusesNewPlansAndTheSitePredictsOnForEver() throws Exception {
    Moving clock = new Moving();
    AuthoritySettings settings =
        new AuthoritySettings(
            Keys.FEDERATION,
            "hq",
            "127.0.0.1",
            8443,
            "127.0.0.1",
            "127.0.0.1",
            8883,
            folder.resolve("hq"));
    try (Authority authority = Authority.open(settings, clock)) {
      SiteIdentity enrolling = SiteIdentity.open(folder.resolve("identity"), clock);
      String token = authority.issueToken("press1", Duration.ofHours(1));
      Identity self = enrolling.accept(authority.answer(enrolling.request(token)));
      Identity hq = authority.identity();
      ModelReference model;
      try (Bench bench = new Bench(folder.resolve("site"), self, hq).start().connect()) {
        bench.approved(Tasks.PRESS);
        model = bench.model(TASK, 1, 0.5f);
        bench.send(TASK, at(2, 0), plan("train", model, true, "press2"));
        bench.serve();
        await(() -> bench.view("press").deployed().isPresent());

        clock.now = clock.now.plus(BEYOND);
        ModelReference next = bench.model(TASK, 2, 0.7f);
        bench.send(TASK, at(3, 0), plan("train", next, true, "press2"));
        bench.awaitRefusal("is valid from");
        bench.awaitRefusal("enrol anew");
        assertEquals(model.digest(), bench.view("press").deployed().orElseThrow());
        bench.part("while it runs");
        assertEquals(model.digest(), bench.predicted().digest());
      }
      // Started anew with what is on disk, certificates included, and with nobody to talk to.
      Identity later =
          SiteIdentity.open(folder.resolve("identity"), clock).identity().orElseThrow();
      try (Bench again = new Bench(folder.resolve("site"), later, hq).start()) {
        assertEquals("while it runs", again.predicted().serial());
        again.part("after the restart");
        assertEquals(model.digest(), again.predicted().digest());
        again.connect();
        again.part("with a link again");
        assertEquals(Trust.GOOD, again.predicted().trust());
        assertTrue(again.view("press").running().startsWith("model version 1"));
      }
    }
  }
}
