// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.identity;

import java.util.List;
import org.fedwerk.api.RefusedException;

/** Certificates that a room met and does not trust until the owner says so. */
public interface CertificateTrust {
  /** Which room and instance asks, for example {@code signal-opcua press1}. */
  String owner();

  /** Those that wait in the folder of rejected certificates. */
  List<Pending> pending();

  /**
   * Moves a waiting certificate to the trusted ones; the next connection accepts it.
   *
   * @param thumbprint SHA-1 of the certificate in hexadecimal, at least its first 8 digits
   * @throws RefusedException if none or several match
   */
  void trust(String thumbprint) throws RefusedException;

  /** A certificate that waits. */
  record Pending(String thumbprint, String subject, String notAfter) {}
}
