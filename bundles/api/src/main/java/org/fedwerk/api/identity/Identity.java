// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.identity;

import java.nio.file.Path;
import java.util.List;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.message.Party;

/** Who this process is in its federation. The service exists once key and certificate are there. */
public interface Identity {
  /** The federation's name. */
  String federation();

  /** This process. */
  Party self();

  /**
   * Host of the federation's broker, as enrolment told, for example {@code 127.0.0.1}. Own
   * configuration wins over it.
   */
  String brokerHost();

  /** Port of the federation's broker, as enrolment told; 0 if not known. */
  int brokerPort();

  /** SHA-256 fingerprint of the own certificate, in hexadecimal: the key id of what it signs. */
  String keyId();

  /** ECDSA P-256 with SHA-256 over the bytes, DER. About a millisecond. */
  byte[] sign(byte[] bytes);

  /**
   * Checks a signature of a peer.
   *
   * @return who signed
   * @throws RefusedException if the key is unknown, revoked, outside its validity when accepted, of
   *     another federation, or the signature is wrong
   */
  Party verify(String keyId, byte[] bytes, byte[] signature) throws RefusedException;

  /**
   * Key and trusted CA for mutual TLS; the host name in the peer's certificate is checked by the
   * user.
   */
  TlsStores tls();

  /** The peers whose certificates are known. */
  List<Peer> roster();

  /**
   * A known peer.
   *
   * @param party who
   * @param keyId fingerprint
   * @param revoked true if it may speak no more
   */
  record Peer(Party party, String keyId, boolean revoked) {}

  /**
   * PKCS #12 files. The password is random, made for this process, and appears nowhere else.
   *
   * @param keys own key and chain
   * @param trust the federation CA
   * @param password of both
   */
  record TlsStores(Path keys, Path trust, char[] password) {
    @Override
    public String toString() {
      return "TlsStores[" + keys + ", " + trust + "]";
    }
  }
}
