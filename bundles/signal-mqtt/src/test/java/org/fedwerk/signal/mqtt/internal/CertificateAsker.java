// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.signal.mqtt.internal;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** A TLS server that wants a client certificate, notes whose it is and hangs up. */
final class CertificateAsker implements AutoCloseable {
  private final SSLServerSocket listening;
  private final CompletableFuture<String> client = new CompletableFuture<>();

  CertificateAsker(ServerKeys keys, Path trusted) throws Exception {
    char[] password = ServerKeys.PASSWORD.toCharArray();
    KeyManagerFactory own = KeyManagerFactory.getInstance("PKIX");
    own.init(KeyStore.getInstance(keys.store().toFile(), password), password);
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    try (var in = Files.newInputStream(trusted)) {
      store.setCertificateEntry(
          "client", CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(own.getKeyManagers(), trust.getTrustManagers(), null);
    listening =
        (SSLServerSocket)
            context
                .getServerSocketFactory()
                .createServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
    listening.setNeedClientAuth(true);
    Thread thread = new Thread(this::serve, "certificate-asker");
    thread.setDaemon(true);
    thread.start();
  }

  private void serve() {
    try (SSLSocket socket = (SSLSocket) listening.accept()) {
      socket.startHandshake();
      client.complete(socket.getSession().getPeerPrincipal().getName());
    } catch (IOException failed) {
      client.completeExceptionally(failed);
    }
  }

  int port() {
    return listening.getLocalPort();
  }

  CompletableFuture<String> client() {
    return client;
  }

  @Override
  public void close() throws IOException {
    listening.close();
  }
}
