// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.reliability.transfer;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A stretch of network on loopback that counts bytes and can be cut, or fall silent with its
 * connections open. Two threads per connection; they end with it.
 */
public final class TcpProxy implements AutoCloseable {
  private static final int BUFFER = 64 * 1024;

  private final ServerSocket server;
  private final int target;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final AtomicLong toServer = new AtomicLong();
  private final AtomicLong toClient = new AtomicLong();
  private volatile Watch watch = (up, down) -> {};
  private volatile boolean down;
  private volatile CountDownLatch silence = new CountDownLatch(0);

  /** Hears how many bytes have passed, after each piece; on a thread of the proxy. */
  public interface Watch {
    /** So many bytes went to the server and to clients since start. */
    void passed(long toServer, long toClient);
  }

  /** Listens on a free port and forwards to a port of this machine. */
  public TcpProxy(int target) throws IOException {
    this.target = target;
    this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    start("fedwerk-proxy-" + target, this::accept);
  }

  private static void start(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  /** The port that clients connect to. */
  public int port() {
    return server.getLocalPort();
  }

  /** Tells a watch from now on. */
  public void watch(Watch next) {
    watch = next;
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        if (down) {
          client.close();
        } else {
          join(client);
        }
      } catch (IOException closed) {
        // Either the proxy ends, or one connection failed and the next may not.
      }
    }
  }

  private void join(Socket client) throws IOException {
    Socket broker;
    try {
      broker = new Socket(InetAddress.getLoopbackAddress(), target);
    } catch (IOException absent) {
      client.close();
      return;
    }
    client.setTcpNoDelay(true);
    broker.setTcpNoDelay(true);
    sockets.add(client);
    sockets.add(broker);
    start("fedwerk-proxy-up-" + client.getPort(), () -> pump(client, broker, toServer));
    start("fedwerk-proxy-down-" + client.getPort(), () -> pump(broker, client, toClient));
  }

  private void pump(Socket from, Socket to, AtomicLong count) {
    byte[] buffer = new byte[BUFFER];
    try (InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream()) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        silence.await();
        out.write(buffer, 0, n);
        count.addAndGet(n);
        watch.passed(toServer.get(), toClient.get());
      }
    } catch (IOException cut) {
      // The other direction hears of it by its own socket.
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    } finally {
      end(from);
      end(to);
    }
  }

  private void end(Socket socket) {
    sockets.remove(socket);
    try {
      socket.close();
    } catch (IOException gone) {
      throw new UncheckedIOException(gone);
    }
  }

  /** Ends all connections; new ones are refused until {@link #mend}. */
  public void cut() {
    down = true;
    silence.countDown();
    sockets.forEach(this::end);
  }

  /** Leaves all connections open and lets nothing pass, as a router that fails; no end is told. */
  public void silence() {
    silence = new CountDownLatch(1);
  }

  /** What fell silent passes again, with what it held. */
  public void resume() {
    silence.countDown();
  }

  /** New connections pass again; those that fell silent end. */
  public void mend() {
    silence.countDown();
    sockets.forEach(this::end);
    down = false;
  }

  @Override
  public void close() throws IOException {
    server.close();
    cut();
  }
}
