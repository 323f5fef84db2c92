// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.identity.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.message.Party;

/**
 * The keys in an authority's folder: the CA's in {@code ca.pem}, the coordinator's in {@code
 * coordinator.pem}. No record, whose text would hold them.
 */
final class AuthorityKeys {
  private static final String CA_TITLE = "fedwerk-authority-1";
  private static final String COORDINATOR_TITLE = "fedwerk-coordinator-1";

  private final Issuer issuer;
  private final PrivateKey key;
  private final X509Certificate coordinator;

  private AuthorityKeys(Issuer issuer, PrivateKey key, X509Certificate coordinator) {
    this.issuer = issuer;
    this.key = key;
    this.coordinator = coordinator;
  }

  /**
   * Reads the keys, and makes them the first time.
   *
   * @param hosts where the coordinator is reached
   * @throws RefusedException if the folder belongs to another federation or coordinator
   */
  static AuthorityKeys open(AuthoritySettings settings, Collection<String> hosts, Clock clock)
      throws IOException, RefusedException {
    Issuer issuer = issuer(settings, clock);
    Party self = new Party(Party.Role.COORDINATOR, settings.coordinator());
    Path file = settings.folder().resolve("coordinator.pem");
    if (!Files.exists(file)) {
      KeyPair pair = Issuer.newKey();
      X509Certificate signing = issuer.issue(self, pair.getPublic(), hosts, clock);
      OwnerOnly.write(file, keyFile(COORDINATOR_TITLE, pair.getPrivate(), signing));
    }
    Envelope kept = Envelope.read(file.toString(), COORDINATOR_TITLE, Files.readAllBytes(file));
    PrivateKey key = kept.privateKey(file.toString());
    X509Certificate coordinator =
        Envelope.certificate(file.toString(), kept.first(file.toString(), Envelope.CERTIFICATE));
    Issuer.check(coordinator, issuer.certificate(), clock);
    requireSame("coordinator", CertificateName.of(coordinator).party().id(), self.id());
    return new AuthorityKeys(issuer, key, coordinator);
  }

  /** The CA. */
  Issuer issuer() {
    return issuer;
  }

  /** The coordinator's key. */
  PrivateKey key() {
    return key;
  }

  /** The coordinator's certificate, by which it signs. */
  X509Certificate coordinator() {
    return coordinator;
  }

  private static Issuer issuer(AuthoritySettings settings, Clock clock)
      throws IOException, RefusedException {
    Path file = settings.folder().resolve("ca.pem");
    if (!Files.exists(file)) {
      Issuer fresh = Issuer.create(settings.federation(), clock);
      OwnerOnly.write(file, keyFile(CA_TITLE, fresh.key(), fresh.certificate()));
    }
    String source = file.toString();
    Envelope kept = Envelope.read(source, CA_TITLE, Files.readAllBytes(file));
    X509Certificate certificate =
        Envelope.certificate(source, kept.first(source, Envelope.CERTIFICATE));
    String name = certificate.getSubjectX500Principal().getName();
    requireSame("federation", name.substring(name.indexOf("O=") + 2), settings.federation());
    return new Issuer(settings.federation(), kept.privateKey(source), certificate);
  }

  private static void requireSame(String what, String kept, String wanted) throws RefusedException {
    if (!kept.equals(wanted)) {
      throw new RefusedException(
          AuthoritySettings.PID,
          what
              + " = \""
              + wanted
              + "\" does not fit the folder, which belongs to \""
              + kept
              + "\"; set that name, or give the new one another folder");
    }
  }

  private static byte[] keyFile(String title, PrivateKey key, X509Certificate certificate) {
    return new Envelope(
            title, Map.of(), List.of(Envelope.Block.of(key), Envelope.Block.of(certificate)))
        .bytes();
  }
}
