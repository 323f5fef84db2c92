// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.identity.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.fedwerk.api.Digest;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.identity.Identity;
import org.fedwerk.api.message.Party;
import org.jspecify.annotations.Nullable;

/**
 * A site's key and certificates in a folder. Plain Java. Enrolment is {@link #request}, the network
 * or two carried files, and {@link #accept}; {@link #enrol} does all three. Thread-safe.
 */
public final class SiteIdentity {
  static final String REQUEST_TITLE = "fedwerk-enrolment-request-1";
  static final String ANSWER_TITLE = "fedwerk-enrolment-answer-1";

  private static final String PENDING_TITLE = "fedwerk-enrolment-pending-1";
  private static final String ENROLLED_TITLE = "fedwerk-site-1";
  private static final String ANSWER = "answer";

  private record Enrolled(X509Certificate certificate, CertificateIdentity identity) {}

  private final Path folder;
  private final Clock clock;
  private @Nullable CertificateIdentity identity;
  private @Nullable X509Certificate own;

  private SiteIdentity(Path folder, Clock clock) {
    this.folder = folder;
    this.clock = clock;
  }

  /** Opens a folder; it may be empty, before enrolment. */
  public static SiteIdentity open(Path folder, Clock clock) throws IOException, RefusedException {
    OwnerOnly.folder(folder);
    SiteIdentity site = new SiteIdentity(folder, clock);
    Path file = site.enrolledFile();
    if (Files.exists(file)) {
      site.use(site.read(file.toString(), Files.readAllBytes(file)));
    }
    return site;
  }

  /** Opens an empty folder and enrols over the network: for tests and simulations. */
  public static Identity enrol(Path folder, String token) throws IOException, RefusedException {
    return open(folder, Clock.systemUTC()).enrol(token);
  }

  /** The identity, once enrolled. */
  public synchronized Optional<Identity> identity() {
    return Optional.ofNullable(identity);
  }

  /** The own certificate, once enrolled. */
  synchronized Optional<X509Certificate> certificate() {
    return Optional.ofNullable(own);
  }

  /**
   * Enrols over the network. Blocks.
   *
   * @throws IOException if the server cannot be reached; the same token may be tried again
   * @throws RefusedException if it will not do, whatever the network does
   */
  public Identity enrol(String text) throws IOException, RefusedException {
    byte[] request = request(text);
    return accept(EnrolmentClient.post(Token.parse(text), request, clock));
  }

  /**
   * Makes a key and the request that proves token and key. What it returns holds the token's
   * secret. A key from an attempt that got no answer is used again, so that its answer still fits.
   */
  public synchronized byte[] request(String text) throws IOException, RefusedException {
    Token token = Token.parse(text);
    if (identity != null) {
      throw new RefusedException(
          "enrolment",
          "this is "
              + identity.self()
              + " of federation "
              + identity.federation()
              + " already; to enrol anew, stop it and move "
              + folder
              + " away");
    }
    if (!clock.instant().isBefore(token.expiry())) {
      throw new RefusedException(
          "token", "it expired at " + token.expiry() + "; ask the coordinator for a new one");
    }
    Map<String, String> about = new LinkedHashMap<>();
    about.put("federation", token.federation());
    about.put("site", token.site());
    about.put("authority", token.authority().hex());
    Envelope pending = pending();
    if (pending == null || !pending.fields().equals(about)) {
      KeyPair pair = Issuer.newKey();
      pending =
          new Envelope(
              PENDING_TITLE,
              about,
              List.of(
                  Envelope.Block.of(pair.getPrivate()),
                  new Envelope.Block(Envelope.REQUEST, Issuer.request(pair))));
      OwnerOnly.write(pendingFile(), pending.bytes());
    }
    return new Envelope(
            REQUEST_TITLE,
            Map.of("secret", token.secret()),
            List.of(
                new Envelope.Block(Envelope.REQUEST, pending.first("pending", Envelope.REQUEST))))
        .bytes();
  }

  /** Checks the authority's answer against the token of {@link #request} and keeps it. */
  public synchronized Identity accept(byte[] answer) throws IOException, RefusedException {
    Envelope pending = pending();
    if (pending == null) {
      throw new RefusedException(ANSWER, "nothing was asked here; make a request first");
    }
    Envelope given = Envelope.read(ANSWER, ANSWER_TITLE, answer);
    List<X509Certificate> certificates = given.certificates(ANSWER);
    if (certificates.size() < 3) {
      throw new RefusedException(
          ANSWER, "it lacks a certificate: own, CA and coordinator are wanted");
    }
    X509Certificate certificate = certificates.get(0);
    X509Certificate authority = certificates.get(1);
    String federation = pending.field(ANSWER, "federation");
    if (!CertificateName.fingerprint(authority)
        .equals(new Digest(pending.field(ANSWER, "authority")))) {
      throw new RefusedException(ANSWER, "its CA is not the one that the token names");
    }
    Party self = new Party(Party.Role.SITE, pending.field(ANSWER, "site"));
    PublicKey key = Issuer.requestedKey(pending.first(ANSWER, Envelope.REQUEST));
    if (!certificate.getPublicKey().equals(key)
        || !CertificateName.of(certificate).equals(new CertificateName(federation, self))) {
      throw new RefusedException(ANSWER, "its certificate is not for this site's key and name");
    }
    List<Envelope.Block> blocks = new ArrayList<>(given.blocks());
    blocks.add(0, new Envelope.Block(Envelope.PRIVATE_KEY, pending.first(ANSWER, "PRIVATE KEY")));
    byte[] kept = new Envelope(ENROLLED_TITLE, given.fields(), blocks).bytes();
    Enrolled enrolled = read(ANSWER, kept);
    OwnerOnly.write(enrolledFile(), kept);
    Files.delete(pendingFile());
    use(enrolled);
    return enrolled.identity();
  }

  private synchronized void use(Enrolled enrolled) {
    identity = enrolled.identity();
    own = enrolled.certificate();
  }

  private Enrolled read(String source, byte[] bytes) throws IOException, RefusedException {
    Envelope kept = Envelope.read(source, ENROLLED_TITLE, bytes);
    List<X509Certificate> certificates = kept.certificates(source);
    if (certificates.size() < 3) {
      throw new RefusedException(source, "it lacks a certificate; enrol anew");
    }
    X509Certificate certificate = certificates.get(0);
    X509Certificate authority = certificates.get(1);
    Issuer.checkIssued(certificate, authority);
    Roster roster = new Roster();
    for (X509Certificate peer : certificates.subList(2, certificates.size())) {
      Issuer.checkIssued(peer, authority);
      CertificateName name = CertificateName.of(peer);
      if (name.party().role() != Party.Role.COORDINATOR
          || !name.federation().equals(CertificateName.of(certificate).federation())) {
        throw new RefusedException(source, "a certificate in it is no coordinator's");
      }
      roster.add(peer);
    }
    return new Enrolled(
        certificate,
        new CertificateIdentity(
            kept.privateKey(source),
            certificate,
            certificate,
            authority,
            roster,
            kept.field(source, "broker-host"),
            port(source, kept.field(source, "broker-port")),
            folder,
            clock));
  }

  private static int port(String source, String text) throws RefusedException {
    if (!text.matches("[0-9]{1,5}")) {
      throw new RefusedException(source, "broker-port \"" + text + "\" is no port");
    }
    return Integer.parseInt(text);
  }

  private @Nullable Envelope pending() throws IOException, RefusedException {
    Path file = pendingFile();
    return Files.exists(file)
        ? Envelope.read(file.toString(), PENDING_TITLE, Files.readAllBytes(file))
        : null;
  }

  private Path enrolledFile() {
    return folder.resolve("site.pem");
  }

  private Path pendingFile() {
    return folder.resolve("pending.pem");
  }
}
