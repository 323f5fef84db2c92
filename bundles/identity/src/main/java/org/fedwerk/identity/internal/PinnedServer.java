// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.identity.internal;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.fedwerk.api.Digest;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.message.Party;

/**
 * Trusts one server: a coordinator of the federation, certified by the CA whose hash the token
 * carries. The host name is not looked at: whoever holds such a key is the authority, wherever it
 * runs.
 */
final class PinnedServer extends X509ExtendedTrustManager {
  private final String federation;
  private final Digest authority;
  private final Clock clock;

  PinnedServer(String federation, Digest authority, Clock clock) {
    this.federation = federation;
    this.authority = authority;
    this.clock = clock;
  }

  private void check(X509Certificate[] chain) throws CertificateException {
    X509Certificate root = chain[chain.length - 1];
    if (chain.length < 2 || !CertificateName.fingerprint(root).equals(authority)) {
      throw new CertificateException("the server is not the one that the token names");
    }
    try {
      Issuer.check(chain[0], root, clock);
      CertificateName name = CertificateName.of(chain[0]);
      if (!name.federation().equals(federation) || name.party().role() != Party.Role.COORDINATOR) {
        throw new CertificateException("the server is no coordinator of " + federation);
      }
    } catch (RefusedException refused) {
      throw new CertificateException(refused.getMessage());
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    check(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    check(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    check(chain);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    throw new CertificateException("no client is trusted here");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    throw new CertificateException("no client is trusted here");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    throw new CertificateException("no client is trusted here");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}
