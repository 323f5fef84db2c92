// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.link.internal;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.fedwerk.api.identity.Identity.TlsStores;

/** Mutual TLS with an identity's key, towards those whom its federation's CA knows. */
final class TlsSockets {
  private final SSLSocketFactory factory;

  /**
   * Sockets with the identity's key that trust its federation CA alone.
   *
   * @throws IllegalStateException if the stores cannot be read
   */
  TlsSockets(TlsStores stores) {
    try {
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(load(stores.keys(), stores.password()), stores.password());
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(load(stores.trust(), stores.password()));
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
      factory = context.getSocketFactory();
    } catch (GeneralSecurityException | IOException unreadable) {
      throw new IllegalStateException(
          "the identity's key stores cannot be used for TLS: "
              + unreadable.getMessage()
              + "; enrol this process again",
          unreadable);
    }
  }

  private static KeyStore load(Path file, char[] password)
      throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, password);
    }
    return store;
  }

  /** TLS over a connected socket, no word said yet; the certificate must name the host. */
  SSLSocket over(Socket connected, String host, int port) throws IOException {
    SSLSocket socket = (SSLSocket) factory.createSocket(connected, host, port, true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    socket.setSSLParameters(parameters);
    return socket;
  }
}
