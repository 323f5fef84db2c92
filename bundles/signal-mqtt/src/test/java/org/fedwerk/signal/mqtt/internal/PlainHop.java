// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.signal.mqtt.internal;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.SocketFactory;

/** Speaks plain TCP in front and TLS to the broker behind; connections can be cut in between. */
final class PlainHop implements AutoCloseable {
  private final ServerSocket listening;
  private final SocketFactory behind;
  private final int target;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  PlainHop(int target, SocketFactory behind) throws IOException {
    this.target = target;
    this.behind = behind;
    this.listening = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    daemon(this::accept);
  }

  String url() {
    return "tcp://127.0.0.1:" + listening.getLocalPort();
  }

  void cut() throws IOException {
    for (Socket socket : open) {
      socket.close();
    }
    open.clear();
  }

  private void accept() {
    try {
      while (true) {
        Socket near = listening.accept();
        Socket far = behind.createSocket("127.0.0.1", target);
        open.add(near);
        open.add(far);
        daemon(() -> copy(near, far));
        daemon(() -> copy(far, near));
      }
    } catch (IOException closed) {
      // The end of the test.
    }
  }

  private static void copy(Socket from, Socket to) {
    try (from;
        to) {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException cut) {
      // Both ends see a closed connection.
    }
  }

  private static void daemon(Runnable work) {
    Thread thread = new Thread(work, "plain-hop");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    listening.close();
    cut();
  }
}
