// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.link.internal;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.fedwerk.api.identity.Identity.TlsStores;

/** A TLS server that shows a broker's certificate and is no broker. */
final class Handshakes {
  private Handshakes() {}

  static ServerSocket server(TlsStores stores, InetAddress address)
      throws IOException, GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(stores.keys())) {
      keys.load(in, stores.password());
    }
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, stores.password());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context.getServerSocketFactory().createServerSocket(0, 50, address);
  }
}
