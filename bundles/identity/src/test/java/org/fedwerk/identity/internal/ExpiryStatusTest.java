// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.identity.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import org.fedwerk.api.status.StatusLine;
import org.junit.jupiter.api.Test;

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
}
