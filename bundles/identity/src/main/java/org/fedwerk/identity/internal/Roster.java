// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.identity.internal;

import java.security.cert.X509Certificate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.identity.Identity.Peer;
import org.fedwerk.api.message.Party;
import org.jspecify.annotations.Nullable;

/** Certificates of known peers, by fingerprint. Thread-safe. */
final class Roster {
  /** A known certificate. */
  record Entry(CertificateName name, X509Certificate certificate, boolean revoked) {}

  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private volatile List<Peer> peers = List.of();

  /** Adds a certificate whose chain was checked. */
  synchronized void add(X509Certificate certificate) throws RefusedException {
    CertificateName name = CertificateName.of(certificate);
    entries.putIfAbsent(
        CertificateName.fingerprint(certificate).hex(), new Entry(name, certificate, false));
    publish();
  }

  /**
   * Marks all certificates of a party.
   *
   * @return how many were not revoked before
   */
  synchronized int revoke(Party party) {
    int[] count = {0};
    entries.replaceAll(
        (id, entry) -> {
          if (entry.revoked() || !entry.name().party().equals(party)) {
            return entry;
          }
          count[0]++;
          return new Entry(entry.name(), entry.certificate(), true);
        });
    publish();
    return count[0];
  }

  synchronized @Nullable Entry find(String keyId) {
    return entries.get(keyId);
  }

  /** True if the party has a certificate that is not revoked. */
  boolean isPresent(Party party) {
    return peers.stream().anyMatch(peer -> !peer.revoked() && peer.party().equals(party));
  }

  /** All of them, as they were added. */
  List<Peer> peers() {
    return peers;
  }

  private void publish() {
    peers =
        entries.entrySet().stream()
            .map(e -> new Peer(e.getValue().name().party(), e.getKey(), e.getValue().revoked()))
            .toList();
  }
}
