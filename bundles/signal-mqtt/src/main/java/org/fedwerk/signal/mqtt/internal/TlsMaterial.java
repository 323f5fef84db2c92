// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.signal.mqtt.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import javax.net.SocketFactory;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Whom a connection trusts and how it shows itself; read anew for every connection. */
final class TlsMaterial {
  private TlsMaterial() {}

  /**
   * Sockets for a broker: plain ones for tcp, else TLS that trusts the configured CA alone.
   *
   * @throws ConnectionProblem if a file cannot be used
   */
  static SocketFactory sockets(MqttSettings settings) throws ConnectionProblem {
    Path ca = settings.ca();
    if (!settings.isSecure() || ca == null) {
      return SocketFactory.getDefault();
    }
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys(settings), trust(ca).getTrustManagers(), null);
      return context.getSocketFactory();
    } catch (GeneralSecurityException unusable) {
      throw ConnectionProblem.of("TLS cannot be set up: " + unusable.getMessage());
    }
  }

  private static TrustManagerFactory trust(Path ca)
      throws ConnectionProblem, GeneralSecurityException {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    try (InputStream pem = Files.newInputStream(ca)) {
      trusted.load(null, null);
      Collection<? extends Certificate> certificates =
          CertificateFactory.getInstance("X.509").generateCertificates(pem);
      for (Certificate certificate : certificates) {
        trusted.setCertificateEntry("ca" + trusted.size(), certificate);
      }
    } catch (IOException | GeneralSecurityException unreadable) {
      throw unusableCa(ca);
    }
    if (trusted.size() == 0) {
      throw unusableCa(ca);
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    return trust;
  }

  private static ConnectionProblem unusableCa(Path ca) {
    return ConnectionProblem.of(
        "ca "
            + ca
            + " cannot be read as certificates; it must be a PEM file with the server's CA or"
            + " self-signed certificate");
  }

  private static KeyManager @Nullable [] keys(MqttSettings settings)
      throws ConnectionProblem, GeneralSecurityException {
    Path file = settings.keystore();
    Secret secret = settings.keystorePassword();
    if (file == null) {
      return null;
    }
    char[] password = (secret == null ? "" : secret.read()).toCharArray();
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    try (InputStream in = Files.newInputStream(file)) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(in, password);
      keys.init(store, password);
    } catch (IOException | GeneralSecurityException unreadable) {
      throw ConnectionProblem.of(
          "keystore "
              + file
              + " cannot be opened; it must be a PKCS #12 file and .keystore.password its"
              + " password");
    }
    return keys.getKeyManagers();
  }
}
