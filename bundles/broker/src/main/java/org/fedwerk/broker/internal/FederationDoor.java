// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.broker.internal;

import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import org.fedwerk.api.Digest;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.identity.Identity;
import org.fedwerk.api.message.Party;

/**
 * Lets in the coordinator and the sites that its roster holds and has not revoked. TLS has checked
 * the chain to the federation's CA before.
 */
final class FederationDoor implements Door {
  private static final int URI = 6;

  private final Identity coordinator;

  FederationDoor(Identity coordinator) {
    this.coordinator = coordinator;
  }

  @Override
  public Guest admit(Visitor visitor) throws RefusedException {
    X509Certificate certificate = visitor.certificate();
    if (certificate == null) {
      throw new RefusedException(visitor.clientId(), "it showed no certificate");
    }
    Party party = party(certificate);
    if (party.role() == Party.Role.SITE && party.id().equals(coordinator.self().id())) {
      throw new RefusedException(
          party.toString(), "it has the coordinator's id; it must enrol under another one");
    }
    // A client id of somebody else would throw that one out and take over its session.
    if (!visitor.clientId().equals(party.id())
        && !visitor.clientId().startsWith(party.id() + ".")) {
      throw new RefusedException(
          visitor.clientId(),
          "the client id of "
              + party
              + " must be "
              + party.id()
              + ", or that with a dot and more behind");
    }
    String federation = "fedwerk/" + coordinator.federation();
    TopicFilter all = TopicFilter.of(federation + "/all/#");
    if (party.role() == Party.Role.COORDINATOR) {
      return new Guest(
          party.toString(),
          List.of(TopicFilter.of(federation + "/from/#")),
          List.of(all, TopicFilter.of(federation + "/to/#")));
    }
    return new Guest(
        party.toString(),
        List.of(all, TopicFilter.of(federation + "/to/" + party.id() + "/#")),
        List.of(TopicFilter.of(federation + "/from/" + party.id() + "/#")));
  }

  private Party party(X509Certificate certificate) throws RefusedException {
    if (isNamed(certificate, coordinator.self())) {
      return coordinator.self();
    }
    String keyId = keyId(certificate);
    for (Identity.Peer peer : coordinator.roster()) {
      if (peer.keyId().equals(keyId) && isNamed(certificate, peer.party())) {
        if (peer.revoked()) {
          throw new RefusedException(
              peer.party().toString(), "its certificate is revoked; it must enrol anew");
        }
        return peer.party();
      }
    }
    throw new RefusedException(
        certificate.getSubjectX500Principal().getName(),
        "its certificate is not in the roster of " + coordinator.self());
  }

  private boolean isNamed(X509Certificate certificate, Party party) throws RefusedException {
    String wanted = party.urn(coordinator.federation());
    try {
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      return names != null
          && names.stream()
              .anyMatch(
                  name -> Integer.valueOf(URI).equals(name.get(0)) && wanted.equals(name.get(1)));
    } catch (CertificateParsingException unreadable) {
      throw new RefusedException("certificate", "its names cannot be read");
    }
  }

  private static String keyId(X509Certificate certificate) throws RefusedException {
    try {
      return Digest.of(certificate.getEncoded()).hex();
    } catch (CertificateEncodingException unreadable) {
      throw new RefusedException("certificate", "it cannot be read");
    }
  }
}
