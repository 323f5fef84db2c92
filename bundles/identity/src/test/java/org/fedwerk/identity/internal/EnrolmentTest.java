// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.identity.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.identity.Identity;
import org.fedwerk.api.message.Party;
import org.fedwerk.api.metric.Measurement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnrolmentTest {
  private static final Duration HOUR = Duration.ofHours(1);

  @TempDir Path folder;
  private final ManualClock clock = new ManualClock();
  private Authority authority;

  @BeforeEach
  void start() throws Exception {
    authority = open("plants");
    authority.serve();
  }

  @AfterEach
  void stop() throws Exception {
    authority.close();
  }

  private Authority open(String federation) throws Exception {
    String host = "127.0.0.1";
    return Authority.open(
        new AuthoritySettings(
            federation, "hq", host, 0, host, "broker.example.org", 8883, folder.resolve("hq")),
        clock);
  }

  private void restart() throws Exception {
    authority.close();
    authority = open("plants");
    authority.serve();
  }

  private SiteIdentity site(String name) throws Exception {
    return SiteIdentity.open(folder.resolve(name), clock);
  }

  private static String refusal(org.junit.jupiter.api.function.Executable act) {
    return assertThrows(RefusedException.class, act).getMessage();
  }

  @Test
  void aSiteThatProvesItsTokenIsEnrolledAndStaysSoAfterARestart() throws Exception {
    Identity press1 = site("press1").enrol(authority.issueToken("press1", HOUR));

    assertEquals(
        List.of(0.0, (double) AuthoritySettings.REQUESTS),
        authority.measurements().stream().map(Measurement::value).toList());
    assertEquals(new Party(Party.Role.SITE, "press1"), press1.self());
    assertEquals("plants", press1.federation());
    assertEquals("broker.example.org", press1.brokerHost());
    assertEquals(8883, press1.brokerPort());
    Identity again = site("press1").identity().orElseThrow();
    assertEquals(press1.keyId(), again.keyId());
    assertEquals(1, again.roster().size());
    assertEquals(authority.identity().keyId(), again.roster().get(0).keyId());
  }

  @Test
  void whatTheSiteSignsTheCoordinatorVerifiesAndTheOtherWayRound() throws Exception {
    Identity press1 = site("press1").enrol(authority.issueToken("press1", HOUR));
    Identity coordinator = authority.identity();
    byte[] bytes = "a manifest".getBytes(StandardCharsets.UTF_8);

    assertEquals(press1.self(), coordinator.verify(press1.keyId(), bytes, press1.sign(bytes)));
    assertEquals(
        coordinator.self(), press1.verify(coordinator.keyId(), bytes, coordinator.sign(bytes)));
  }

  @Test
  void anExpiredCertificateRefusesMessagesInWordsAndTheSiteStillOpensAndSigns() throws Exception {
    site("press1").enrol(authority.issueToken("press1", HOUR));
    byte[] bytes = "a plan".getBytes(StandardCharsets.UTF_8);
    byte[] signature = authority.identity().sign(bytes);
    clock.advance(Duration.ofDays(6 * 365));

    Identity later = site("press1").identity().orElseThrow();
    assertEquals(new Party(Party.Role.SITE, "press1"), later.self());
    assertTrue(later.sign(bytes).length > 0 && Files.exists(later.tls().keys()));
    String refused = refusal(() -> later.verify(authority.identity().keyId(), bytes, signature));
    assertTrue(refused.contains("is valid from"), refused);
    assertTrue(refused.contains("check the clock, or enrol anew"), refused);
  }

  @Test
  void aChangedMessageATruncatedSignatureAndAnUnknownKeyAreRefused() throws Exception {
    Identity press1 = site("press1").enrol(authority.issueToken("press1", HOUR));
    Identity coordinator = authority.identity();
    byte[] bytes = "a manifest".getBytes(StandardCharsets.UTF_8);
    byte[] signature = press1.sign(bytes);

    byte[] other = "another manifest".getBytes(StandardCharsets.UTF_8);
    assertTrue(
        refusal(() -> coordinator.verify(press1.keyId(), other, signature))
            .contains("does not match"));
    byte[] cut = java.util.Arrays.copyOf(signature, signature.length - 3);
    assertTrue(
        refusal(() -> coordinator.verify(press1.keyId(), bytes, cut)).contains("does not match"));
    assertTrue(
        refusal(() -> coordinator.verify("00".repeat(32), bytes, signature))
            .contains("not known here"));
  }

  @Test
  void aTokenIsUsedOnceEvenAcrossARestartOfTheAuthority() throws Exception {
    String token = authority.issueToken("press1", HOUR);
    site("press1").enrol(token);

    assertTrue(refusal(() -> site("thief").enrol(token)).contains("used already"));
    byte[] request = site("thief").request(token);
    restart();
    assertTrue(refusal(() -> authority.answer(request)).contains("used already"));
  }

  @Test
  void anExpiredTokenIsRefusedOnBothSides() throws Exception {
    String token = authority.issueToken("press1", HOUR);
    byte[] request = site("press1").request(token);
    clock.advance(HOUR);

    assertTrue(refusal(() -> site("press1").enrol(token)).contains("expired"));
    assertTrue(refusal(() -> authority.answer(request)).contains("expired"));
  }

  @Test
  void aTokenIssuedBeforeARestartIsGoodAfterIt() throws Exception {
    String token = authority.issueToken("press1", HOUR);
    SiteIdentity site = site("press1");
    byte[] request = site.request(token);
    restart();

    Identity press1 = site.accept(authority.answer(request));
    assertEquals("press1", press1.self().id());
  }

  @Test
  void aLostAnswerIsGivenAgainToTheSameKey() throws Exception {
    String token = authority.issueToken("press1", HOUR);
    authority.answer(site("press1").request(token));

    Identity press1 = site("press1").enrol(token);
    assertEquals(1, authority.identity().roster().size());
    assertEquals(authority.identity().roster().get(0).keyId(), press1.keyId());
  }

  @Test
  void aNewTokenForASiteReplacesTheUnusedOne() throws Exception {
    String first = authority.issueToken("press1", HOUR);
    String second = authority.issueToken("press1", HOUR);

    assertTrue(refusal(() -> site("press1").enrol(first)).contains("newer one replaced it"));
    assertEquals("press1", site("press1").enrol(second).self().id());
  }

  @Test
  void anEnrolledIdIsTakenUntilItIsRevoked() throws Exception {
    Identity first = site("press1").enrol(authority.issueToken("press1", HOUR));
    assertTrue(refusal(() -> authority.issueToken("press1", HOUR)).contains("enrolled already"));
    byte[] bytes = {1, 2, 3};
    byte[] signature = first.sign(bytes);

    authority.revoke("press1");
    restart();

    assertTrue(
        refusal(() -> authority.identity().verify(first.keyId(), bytes, signature))
            .contains("revoked"));
    assertTrue(authority.identity().roster().get(0).revoked());
    Identity second = site("press1-anew").enrol(authority.issueToken("press1", HOUR));
    assertEquals(
        second.self(), authority.identity().verify(second.keyId(), bytes, second.sign(bytes)));
  }

  @Test
  void aServerOfAnotherFederationIsRefusedBeforeTheSecretIsSent() throws Exception {
    try (Authority other = Authority.loopback(folder.resolve("other"), "plants", 0)) {
      Token real = Token.parse(authority.issueToken("press1", HOUR));
      String misled =
          new Token(
                  real.federation(),
                  real.site(),
                  real.authority(),
                  real.host(),
                  other.enrolmentPort(),
                  real.expiry(),
                  real.secret())
              .text();

      assertTrue(refusal(() -> site("press1").enrol(misled)).contains("not the one"));
      assertEquals(0, other.identity().roster().size());
    }
  }

  @Test
  void anAnswerOfAnotherAuthorityIsNotAccepted() throws Exception {
    SiteIdentity site = site("press1");
    site.request(authority.issueToken("press1", HOUR));
    try (Authority other = Authority.loopback(folder.resolve("other"), "plants", 0)) {
      String foreignToken = other.issueToken("press1", HOUR);
      byte[] foreign =
          other.answer(
              SiteIdentity.open(folder.resolve("x"), Clock.systemUTC()).request(foreignToken));

      assertTrue(refusal(() -> site.accept(foreign)).contains("not the one"));
      assertTrue(site.identity().isEmpty());
    }
  }

  @Test
  void aServerThatIsDownIsAnErrorOfTheNetworkAndTheTokenStaysGood() throws Exception {
    String token = authority.issueToken("press1", HOUR);
    SiteIdentity site = site("press1");
    byte[] request = site.request(token);
    authority.close();

    assertThrows(IOException.class, () -> site.enrol(token));

    authority = open("plants");
    assertEquals("press1", site.accept(authority.answer(request)).self().id());
  }

  @Test
  void aTokenThatWasCutOrChangedIsRefused() throws Exception {
    String token = authority.issueToken("press1", HOUR);

    for (String bad :
        new String[] {"", "nonsense", "%%%", token.substring(0, token.length() - 4)}) {
      assertTrue(refusal(() -> Token.parse(bad)).contains("cut while copying"));
    }
    byte[] lines = Base64.getUrlDecoder().decode(token);
    lines[20] ^= 1;
    String changed = Base64.getUrlEncoder().withoutPadding().encodeToString(lines);
    assertTrue(refusal(() -> Token.parse(changed)).contains("cut while copying"));
    assertFalse(Token.parse(token).toString().contains(Token.parse(token).secret()));
  }

  @Test
  void aRequestWithoutSenseOrWithAnotherKeyIsRefusedAndLeavesTheTokenUnused() throws Exception {
    String token = authority.issueToken("press1", HOUR);
    byte[] request = site("press1").request(token);

    assertTrue(refusal(() -> authority.answer(new byte[] {1, 2})).contains("does not begin"));
    String cut = new String(request, StandardCharsets.UTF_8).replaceAll("(?s)-----END.*", "");
    assertTrue(
        refusal(() -> authority.answer(cut.getBytes(StandardCharsets.UTF_8))).contains("cut"));
    assertEquals("press1", site("press1").enrol(token).self().id());
  }

  @Test
  void anIdOutsideTheRuleOrOfTheCoordinatorIsRefused() {
    assertTrue(refusal(() -> authority.issueToken("hq", HOUR)).contains("coordinator's id"));
    assertTrue(refusal(() -> authority.issueToken("Press 1", HOUR)).contains("lower case"));
    assertTrue(refusal(() -> authority.revoke("nobody")).contains("no certificate"));
  }

  @Test
  void aFolderOfAnotherFederationIsRefusedByName() throws Exception {
    authority.close();
    String message = refusal(() -> open("others"));
    assertTrue(message.contains("belongs to \"plants\""), message);
    authority = open("plants");
  }

  @Test
  void aTornLastLineOfTheLedgerIsDroppedAndADamagedOneStopsTheStart() throws Exception {
    site("press1").enrol(authority.issueToken("press1", HOUR));
    authority.close();
    Path ledger = folder.resolve("hq/ledger");
    Files.writeString(ledger, "deadbeef token half", StandardOpenOption.APPEND);

    authority = open("plants");
    assertEquals(1, authority.identity().roster().size());
    authority.close();
    String text = Files.readString(ledger);
    assertFalse(text.contains("half"));
    Files.writeString(ledger, text.replaceFirst("press1", "press2"));
    assertTrue(
        assertThrows(IOException.class, () -> open("plants")).getMessage().contains("line 2"));
    Files.writeString(ledger, text);
    authority = open("plants");
  }

  @Test
  void secretsAreReadableByTheirOwnerOnlyAndTheTokenIsNowhereOnDisk() throws Exception {
    String token = authority.issueToken("press1", HOUR);
    site("press1").enrol(token);
    String secret = Token.parse(token).secret();

    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        assertFalse(text.contains(secret), file + " holds the secret");
        if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
          assertEquals(
              "[OWNER_READ, OWNER_WRITE]",
              new java.util.TreeSet<>(Files.getPosixFilePermissions(file)).toString(),
              file.toString());
        }
      }
    }
  }

  @Test
  void theTlsFilesOpenWithThePasswordOfThisProcess() throws Exception {
    Identity press1 = site("press1").enrol(authority.issueToken("press1", HOUR));
    Identity.TlsStores tls = press1.tls();
    java.security.KeyStore keys =
        java.security.KeyStore.getInstance(tls.keys().toFile(), tls.password());
    java.security.KeyStore trust =
        java.security.KeyStore.getInstance(tls.trust().toFile(), tls.password());

    assertEquals(2, keys.getCertificateChain("own").length);
    assertArrayEquals(
        keys.getCertificateChain("own")[1].getEncoded(),
        trust.getCertificate("authority").getEncoded());
    assertFalse(tls.toString().contains(new String(tls.password())));
  }
}
