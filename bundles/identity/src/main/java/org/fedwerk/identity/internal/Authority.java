// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.identity.internal;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.fedwerk.api.Digest;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.identity.FederationAuthority;
import org.fedwerk.api.identity.Identity;
import org.fedwerk.api.message.Party;
import org.fedwerk.api.metric.Measurement;
import org.fedwerk.api.metric.MetricSource;
import org.fedwerk.api.status.StatusLine;
import org.fedwerk.api.status.StatusSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The coordinator's side: the federation's CA, its tokens and certificates, and the coordinator's
 * own identity. Plain Java; {@link #open} reads or makes the folder, {@link #serve} starts
 * enrolment over HTTPS. Thread-safe.
 */
public final class Authority implements FederationAuthority, StatusSource, MetricSource, Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(Authority.class);
  private static final SecureRandom RANDOM = new SecureRandom();

  /** A token that was issued and not used. */
  private record OpenToken(String site, Instant expiry) {}

  private final AuthoritySettings settings;
  private final Clock clock;
  private final Issuer issuer;
  private final X509Certificate coordinator;
  private final Identity identity;
  private final X509Certificate serving;
  private final PrivateKey key;
  private final AuthorityLedger ledger;
  private final Roster roster;
  private final Map<Digest, OpenToken> open = new LinkedHashMap<>();
  private final Map<Digest, X509Certificate> used = new LinkedHashMap<>();
  private final @Nullable BrokerFiles brokerFiles;
  private volatile @Nullable EnrolmentServer server;

  private Authority(AuthoritySettings settings, Clock clock) throws IOException, RefusedException {
    this.settings = settings;
    this.clock = clock;
    Path folder = settings.folder();
    OwnerOnly.folder(folder);
    this.ledger = AuthorityLedger.open(folder.resolve("ledger"));
    try {
      AuthorityKeys keys = AuthorityKeys.open(settings, hosts(), clock);
      this.issuer = keys.issuer();
      this.key = keys.key();
      this.coordinator = keys.coordinator();
      Party self = new Party(Party.Role.COORDINATOR, settings.coordinator());
      // Signed anew at every start, so that a changed advertised.host needs no new signing key.
      this.serving = issuer.issue(self, coordinator.getPublicKey(), hosts(), clock);
      this.roster = new Roster();
      for (String act : ledger.acts()) {
        replay(act);
      }
      this.identity =
          new CertificateIdentity(
              key,
              coordinator,
              serving,
              issuer.certificate(),
              roster,
              settings.brokerHost(),
              settings.brokerPort(),
              folder,
              clock);
      this.brokerFiles =
          settings.brokerFiles().isEmpty()
              ? null
              : new BrokerFiles(settings.brokerFiles().get(), issuer, hosts(), clock);
      rights();
    } catch (IOException | RefusedException | RuntimeException failed) {
      ledger.close();
      throw failed;
    }
  }

  /**
   * Opens the folder, making CA and coordinator's key at the first time. Nothing listens yet.
   *
   * @throws RefusedException if the folder belongs to another federation or coordinator
   */
  public static Authority open(AuthoritySettings settings, Clock clock)
      throws IOException, RefusedException {
    return new Authority(settings, clock);
  }

  /** A federation on loopback with a free enrolment port, serving: for tests and simulations. */
  public static Authority loopback(Path folder, String federation, int brokerPort)
      throws IOException, RefusedException {
    String host = "127.0.0.1";
    Authority authority =
        open(
            new AuthoritySettings(
                federation, "coordinator", host, 0, host, host, brokerPort, folder),
            Clock.systemUTC());
    authority.serve();
    return authority;
  }

  private void rights() {
    if (brokerFiles != null) {
      List<Identity.Peer> parties = new ArrayList<>();
      parties.add(
          new Identity.Peer(
              new Party(Party.Role.COORDINATOR, settings.coordinator()), identity.keyId(), false));
      parties.addAll(roster.peers());
      try {
        brokerFiles.rights(parties);
      } catch (UncheckedIOException failed) {
        // The ledger has what was done; the file is written again at the next change or start.
        LOG.error("{}: {}", failed.getMessage(), String.valueOf(failed.getCause()));
      }
    }
  }

  private Set<String> hosts() {
    Set<String> hosts = new LinkedHashSet<>(List.of(settings.advertisedHost()));
    hosts.add(settings.brokerHost());
    hosts.add("localhost");
    hosts.add("127.0.0.1");
    return hosts;
  }

  private void replay(String act) throws RefusedException {
    String[] words = act.split(" ");
    switch (words[0]) {
      case "token" ->
          put(
              new Digest(words[1]),
              new OpenToken(words[2], Instant.ofEpochSecond(Long.parseLong(words[3]))));
      case "issued" -> {
        X509Certificate certificate =
            Envelope.certificate("ledger", Base64.getDecoder().decode(words[2]));
        Issuer.checkIssued(certificate, issuer.certificate());
        roster.add(certificate);
        open.remove(new Digest(words[1]));
        used.put(new Digest(words[1]), certificate);
      }
      case "revoked" -> roster.revoke(new Party(Party.Role.SITE, words[1]));
      default ->
          throw new RefusedException(
              settings.folder().resolve("ledger").toString(),
              "\"" + words[0] + "\" was written by a newer program; start that one");
    }
  }

  /** The newest token of a site replaces an older one that was not used. */
  private void put(Digest hash, OpenToken token) {
    open.values().removeIf(older -> older.site().equals(token.site()));
    open.put(hash, token);
  }

  /**
   * Starts enrolment over HTTPS.
   *
   * @throws IOException if the port is taken
   */
  public void serve() throws IOException {
    server =
        EnrolmentServer.start(settings, key, List.of(serving, issuer.certificate()), this::answer);
  }

  /** The port that enrolment listens on; 0 before {@link #serve}. */
  public int enrolmentPort() {
    EnrolmentServer now = server;
    return now == null ? 0 : now.port();
  }

  /** The coordinator's identity. */
  public Identity identity() {
    return identity;
  }

  @Override
  public String federation() {
    return settings.federation();
  }

  @Override
  public synchronized String issueToken(String site, Duration validity) throws RefusedException {
    Party party = party(site);
    if (site.equals(settings.coordinator())) {
      throw new RefusedException("site", site + " is the coordinator's id; choose another one");
    }
    if (roster.isPresent(party)) {
      throw new RefusedException(
          "site", site + " is enrolled already; revoke it first, or choose another id");
    }
    if (validity.isNegative() || validity.isZero()) {
      throw new RefusedException("validity", "it must be longer than nothing");
    }
    if (server == null) {
      throw new RefusedException("enrolment", "it does not listen yet; try again");
    }
    byte[] random = new byte[32];
    RANDOM.nextBytes(random);
    Token token =
        new Token(
            federation(),
            site,
            CertificateName.fingerprint(issuer.certificate()),
            settings.advertisedHost(),
            enrolmentPort(),
            clock.instant().plus(validity).truncatedTo(ChronoUnit.SECONDS),
            Base64.getUrlEncoder().withoutPadding().encodeToString(random));
    Digest hash = hash(token.secret());
    record("token", hash.hex(), site, Long.toString(token.expiry().getEpochSecond()));
    put(hash, new OpenToken(site, token.expiry()));
    return token.text();
  }

  @Override
  public synchronized void revoke(String site) throws RefusedException {
    Party party = party(site);
    if (!roster.isPresent(party)) {
      throw new RefusedException("site", site + " has no certificate that could be revoked");
    }
    record("revoked", site, Long.toString(clock.instant().getEpochSecond()));
    roster.revoke(party);
    rights();
    LOG.info("site {} is revoked", site);
  }

  /**
   * Answers a site's request; what HTTPS calls, and what a person does with two files where there
   * is no network between them. The same request is answered again in the same way, because the
   * first answer may have been lost on its way.
   */
  @Override
  public synchronized byte[] answer(byte[] request) throws RefusedException {
    Envelope asked = Envelope.read("request", SiteIdentity.REQUEST_TITLE, request);
    Digest hash = hash(asked.field("request", "secret"));
    PublicKey subject = Issuer.requestedKey(asked.first("request", Envelope.REQUEST));
    X509Certificate before = used.get(hash);
    if (before != null) {
      if (before.getPublicKey().equals(subject) && isTrusted(before)) {
        return answer(before);
      }
      throw new RefusedException("token", "it was used already; ask for a new one");
    }
    OpenToken token = open.get(hash);
    if (token == null) {
      throw new RefusedException(
          "token", "it is not known here, or a newer one replaced it; ask for a new one");
    }
    if (!clock.instant().isBefore(token.expiry())) {
      throw new RefusedException(
          "token", "it expired at " + token.expiry() + "; ask for a new one");
    }
    X509Certificate certificate = issuer.issue(party(token.site()), subject, List.of(), clock);
    record(
        "issued",
        hash.hex(),
        Base64.getEncoder().encodeToString(Envelope.Block.of(certificate).der()));
    roster.add(certificate);
    open.remove(hash);
    used.put(hash, certificate);
    rights();
    LOG.info("site {} is enrolled", token.site());
    return answer(certificate);
  }

  private boolean isTrusted(X509Certificate certificate) {
    Roster.Entry entry = roster.find(CertificateName.fingerprint(certificate).hex());
    return entry != null && !entry.revoked();
  }

  private byte[] answer(X509Certificate certificate) {
    return new Envelope(
            SiteIdentity.ANSWER_TITLE,
            Map.of(
                "broker-host",
                settings.brokerHost(),
                "broker-port",
                Integer.toString(settings.brokerPort())),
            List.of(
                Envelope.Block.of(certificate),
                Envelope.Block.of(issuer.certificate()),
                Envelope.Block.of(coordinator)))
        .bytes();
  }

  private static Digest hash(String secret) {
    return Digest.of(secret.getBytes(StandardCharsets.UTF_8));
  }

  private static Party party(String site) throws RefusedException {
    try {
      return new Party(Party.Role.SITE, site);
    } catch (IllegalArgumentException notAllowed) {
      throw new RefusedException("site", String.valueOf(notAllowed.getMessage()));
    }
  }

  private void record(String... words) throws RefusedException {
    try {
      ledger.append(words);
    } catch (IOException full) {
      throw new RefusedException("ledger", String.valueOf(full.getMessage()));
    }
  }

  @Override
  public List<StatusLine> status() {
    long waiting;
    synchronized (this) {
      Instant now = clock.instant();
      waiting = open.values().stream().filter(token -> now.isBefore(token.expiry())).count();
    }
    List<String> details = new ArrayList<>();
    EnrolmentServer now = server;
    details.add(
        now == null
            ? "enrolment does not listen"
            : "enrolment listens on " + settings.enrolmentHost() + ":" + now.port());
    long revoked = roster.peers().stream().filter(Identity.Peer::revoked).count();
    details.add((roster.peers().size() - revoked) + " sites enrolled");
    details.add(revoked + " certificates revoked");
    details.add(waiting + " tokens open");
    return List.of(
        new StatusLine(
            "identity authority " + federation(),
            now == null ? StatusLine.State.STARTING : StatusLine.State.READY,
            String.join(", ", details)));
  }

  @Override
  public List<Measurement> measurements() {
    EnrolmentServer now = server;
    return now == null ? List.of() : now.levels();
  }

  @Override
  public void close() throws IOException {
    EnrolmentServer now = server;
    if (now != null) {
      now.close();
      server = null;
    }
    ledger.close();
  }
}
