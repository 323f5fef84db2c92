// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.identity.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.status.StatusLine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExpiryStatusTest {
  private static final Instant END = Instant.parse("2031-01-01T00:00:00Z");

  private static StatusLine at(Instant now) {
    return SiteComponent.enrolled("site press1 of plants", StatusLine.State.READY, END, now);
  }

  @Test
  void anExpiredCertificateIsNamedWithWhatToDo() {
    StatusLine line = at(END.plusSeconds(1));
    assertEquals(StatusLine.State.DEGRADED, line.state());
    assertTrue(line.detail().contains("has expired on " + END), line.detail());
    assertTrue(line.detail().contains("enrol it anew"), line.detail());
  }

  @Test
  void oneThatWillSoonExpireIsAnnounced() {
    StatusLine line = at(END.minusSeconds(1));
    assertEquals(StatusLine.State.DEGRADED, line.state());
    assertTrue(line.detail().endsWith("enrol anew before"), line.detail());
  }

  @Test
  void aClockThatJumpedAndCameBackLeavesNothingBehind() {
    Instant longBefore = END.minus(Duration.ofDays(1000));
    StatusLine before = at(longBefore);
    assertEquals(StatusLine.State.READY, before.state());
    assertEquals(StatusLine.State.DEGRADED, at(END.plus(Duration.ofHours(1))).state());
    assertEquals(before, at(longBefore));
  }

  private static void enrol(Authority authority, SiteIdentity site) throws Exception {
    String token = authority.issueToken("press1", Duration.ofHours(1));
    site.accept(authority.answer(site.request(token)));
  }

  private static StatusLine line(SiteIdentity site, ManualClock clock) {
    Instant end = site.certificate().orElseThrow().getNotAfter().toInstant();
    return SiteComponent.enrolled("press1", StatusLine.State.READY, end, clock.instant());
  }

  @Test
  void aSiteWhoseCertificateHasExpiredIsNamedUntilItIsRevokedAndEnrolledAnew(@TempDir Path folder)
      throws Exception {
    ManualClock clock = new ManualClock();
    String host = "127.0.0.1";
    AuthoritySettings settings =
        new AuthoritySettings("plants", "hq", host, 0, host, host, 8883, folder.resolve("hq"));
    try (Authority authority = Authority.open(settings, clock)) {
      authority.serve();
      SiteIdentity site = SiteIdentity.open(folder.resolve("identity"), clock);
      enrol(authority, site);
      assertEquals(StatusLine.State.READY, line(site, clock).state());
      clock.advance(Duration.ofDays(5 * 365 + 1));
      assertEquals(StatusLine.State.DEGRADED, line(site, clock).state());
      assertTrue(line(site, clock).detail().contains("have the site revoked and enrol it anew"));

      assertThrows(
          RefusedException.class, () -> authority.issueToken("press1", Duration.ofHours(1)));
      authority.revoke("press1");
      Files.move(folder.resolve("identity"), folder.resolve("expired"));
      SiteIdentity anew = SiteIdentity.open(folder.resolve("identity"), clock);
      enrol(authority, anew);
      assertEquals(StatusLine.State.READY, line(anew, clock).state());
    }
  }
}
