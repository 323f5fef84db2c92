// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import static org.fedwerk.site.internal.Bench.at;
import static org.fedwerk.site.internal.Bench.await;
import static org.fedwerk.site.internal.Bench.plan;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.fedwerk.api.Digest;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.identity.Identity;
import org.fedwerk.api.message.Body;
import org.fedwerk.api.message.Kind;
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

  /** Of a certificate. */
  private static final Duration LIFE = Duration.ofDays(5 * 365);

  private static final Duration BEHIND = Duration.ofDays(300);

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
    try (Authority authority = Authority.open(authority(), clock)) {
      authority.serve();
      Identity self = enrol(authority, identityFolder(clock));
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

  private AuthoritySettings authority() {
    return new AuthoritySettings(
        Keys.FEDERATION,
        "hq",
        "127.0.0.1",
        0,
        "127.0.0.1",
        "127.0.0.1",
        8883,
        folder.resolve("hq"));
  }

  private static Identity enrol(Authority authority, SiteIdentity site) throws Exception {
    String token = authority.issueToken("press1", Duration.ofHours(1));
    return site.accept(authority.answer(site.request(token)));
  }

  private SiteIdentity identityFolder(Clock clock) throws Exception {
    return SiteIdentity.open(folder.resolve("identity"), clock);
  }

  @Test
  void aSiteThatIsRevokedAndEnrolsAnewGoesOnInItsTaskWithItsDeployment() throws Exception {
    Moving clock = new Moving();
    try (Authority authority = Authority.open(authority(), clock)) {
      authority.serve();
      Identity hq = authority.identity();
      // A certificate from a time when the coordinator's clock was behind ends before its own.
      clock.now = clock.now.minus(BEHIND);
      Identity self = enrol(authority, identityFolder(clock));
      clock.now = clock.now.plus(BEHIND);
      ModelReference model;
      try (Bench bench = new Bench(folder.resolve("site"), self, hq).start().connect()) {
        bench.approved(Tasks.PRESS);
        model = bench.model(TASK, 1, 0.5f);
        bench.send(TASK, at(2, 0), plan("train", model, true, "press2"));
        bench.serve();
        await(() -> bench.view("press").deployed().isPresent());
        clock.now = clock.now.plus(LIFE.minus(BEHIND.dividedBy(2)));
        FakeLink.Sent late = sentAnew(bench);
        RefusedException expired = assertThrows(RefusedException.class, () -> bench.open(late));
        assertTrue(expired.getMessage().contains("enrol anew"), expired.getMessage());
      }
      authority.revoke("press1");
      Files.move(folder.resolve("identity"), folder.resolve("expired"));
      Identity anew = enrol(authority, identityFolder(clock));
      assertNotEquals(self.keyId(), anew.keyId());
      try (Bench again = new Bench(folder.resolve("site"), anew, hq).start().connect()) {
        Body.TaskStanding standing = again.next(Body.Sync.class, Kind.SYNC).tasks().get(0);
        assertEquals(TASK, standing.task());
        assertEquals(2, standing.position().round());
        assertEquals(model.digest(), standing.deployed());
        again.part("with the new certificate");
        assertEquals(model.digest(), again.predicted().digest());
        ModelReference next = again.model(TASK, 2, 0.7f);
        again.send(TASK, at(3, 0), plan("train", next, true, "press1", "press2"));
        again.serve();
        Body.Manifest reply = again.next(Body.Manifest.class, Kind.MANIFEST);
        assertTrue(reply.sections().size() > 0);
        await(() -> again.view("press").deployed().equals(Optional.of(next.digest())));
        assertEquals("approved", again.view("press").approval());
      }
    }
  }

  /** Something that the site says from now on. */
  private static FakeLink.Sent sentAnew(Bench bench) throws Exception {
    bench.link.sent.clear();
    bench.link.connect();
    FakeLink.Sent sent = bench.link.sent.poll(Bench.PATIENCE_SECONDS, TimeUnit.SECONDS);
    return Objects.requireNonNull(sent, "the site said nothing");
  }
}
