// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.identity.internal;

import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.fedwerk.api.Digest;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.message.Party;

/**
 * Whom a certificate names, by its URI name {@code urn:fedwerk:<federation>:<role>:<id>}.
 *
 * @param federation the federation
 * @param party role and id
 */
record CertificateName(String federation, Party party) {
  private static final int URI = 6;

  /** Reads the one URI name; more or less than one of ours is refused. */
  static CertificateName of(X509Certificate certificate) throws RefusedException {
    Collection<List<?>> names;
    try {
      names = certificate.getSubjectAlternativeNames();
    } catch (CertificateParsingException unreadable) {
      throw unnamed();
    }
    if (names == null) {
      throw unnamed();
    }
    List<String> ours =
        names.stream()
            .filter(name -> Integer.valueOf(URI).equals(name.get(0)))
            .map(name -> String.valueOf(name.get(1)))
            .filter(name -> name.startsWith("urn:fedwerk:"))
            .toList();
    if (ours.size() != 1) {
      throw unnamed();
    }
    String[] words = ours.get(0).split(":", -1);
    if (words.length != 5) {
      throw unnamed();
    }
    try {
      Party.Role role = Party.Role.valueOf(words[3].toUpperCase(Locale.ROOT));
      return new CertificateName(words[2], new Party(role, words[4]));
    } catch (IllegalArgumentException other) {
      throw unnamed();
    }
  }

  /** SHA-256 over the certificate's DER bytes. */
  static Digest fingerprint(X509Certificate certificate) {
    try {
      return Digest.of(certificate.getEncoded());
    } catch (CertificateEncodingException impossible) {
      throw new IllegalStateException("a certificate that was read cannot be written", impossible);
    }
  }

  private static RefusedException unnamed() {
    return new RefusedException(
        "certificate",
        "it has no URI name urn:fedwerk:<federation>:<role>:<id>; it was not issued by a federation"
            + " CA");
  }
}
