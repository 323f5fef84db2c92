// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.link.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A stretch of network on loopback that delays what passes, or falls silent with its connections
 * open. Its buffers are small, so that a sender soon feels that nothing is read any more.
 */
final class Stretch implements AutoCloseable {
  private static final int BUFFER = 16 * 1024;
  private static final int UNDER_WAY = 256;

  private final ServerSocket server = new ServerSocket();
  private final int target;
  private final long delayNanos;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final AtomicLong passed = new AtomicLong();
  private final AtomicInteger connections = new AtomicInteger();
  private volatile CountDownLatch silence = new CountDownLatch(0);
  private volatile boolean closed;

  private record Piece(long due, byte[] bytes, int length) {
    static final Piece LAST = new Piece(0, new byte[0], -1);
  }

  /** Forwards to a port of this machine, each piece so much later, each way. */
  Stretch(int target, Duration delay) throws IOException {
    this.target = target;
    this.delayNanos = delay.toNanos();
    server.setReceiveBufferSize(BUFFER);
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    start("accept", this::accept);
  }

  private static void start(String name, Runnable work) {
    Thread thread = new Thread(work, "stretch-" + name);
    thread.setDaemon(true);
    thread.start();
  }

  int port() {
    return server.getLocalPort();
  }

  String url() {
    return "ssl://127.0.0.1:" + server.getLocalPort();
  }

  /** How many bytes have passed, both ways. */
  long passed() {
    return passed.get();
  }

  /** How many connections were made since start. */
  int connections() {
    return connections.get();
  }

  /** Nothing passes from now on, and nobody is told; new connections are taken and stay mute. */
  void silence() {
    silence = new CountDownLatch(1);
  }

  /** What comes from now on passes; what is stuck is dropped with its connection. */
  void mend() {
    Set<Socket> stuck = Set.copyOf(sockets);
    CountDownLatch over = silence;
    silence = new CountDownLatch(0);
    stuck.forEach(this::end);
    over.countDown();
  }

  private void accept() {
    while (!closed) {
      try {
        Socket client = server.accept();
        connections.incrementAndGet();
        Socket broker = new Socket(InetAddress.getLoopbackAddress(), target);
        for (Socket each : new Socket[] {client, broker}) {
          each.setTcpNoDelay(true);
          sockets.add(each);
        }
        carry(client, broker);
        carry(broker, client);
      } catch (IOException gone) {
        // Either this ends, or one connection failed and the next may not.
      }
    }
  }

  private void carry(Socket from, Socket to) {
    BlockingQueue<Piece> way = new ArrayBlockingQueue<>(UNDER_WAY);
    start("read", () -> read(from, way));
    start("write", () -> write(way, from, to));
  }

  private void read(Socket from, BlockingQueue<Piece> way) {
    try {
      try (InputStream in = from.getInputStream()) {
        while (true) {
          silence.await();
          byte[] bytes = new byte[BUFFER];
          int n = in.read(bytes);
          silence.await();
          if (n < 0) {
            break;
          }
          way.put(new Piece(System.nanoTime() + delayNanos, bytes, n));
        }
      } catch (IOException cut) {
        // The end is passed on below.
      }
      way.put(Piece.LAST);
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }

  private void write(BlockingQueue<Piece> way, Socket from, Socket to) {
    try (OutputStream out = to.getOutputStream()) {
      for (Piece piece = way.take(); piece.length() >= 0; piece = way.take()) {
        TimeUnit.NANOSECONDS.sleep(piece.due() - System.nanoTime());
        out.write(piece.bytes(), 0, piece.length());
        passed.addAndGet(piece.length());
      }
    } catch (IOException cut) {
      // The other direction hears of it by its own socket.
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    } finally {
      end(from);
      end(to);
      // A reader that waits for room must find it, to hear of the end.
      way.clear();
    }
  }

  private void end(Socket socket) {
    sockets.remove(socket);
    try {
      socket.close();
    } catch (IOException gone) {
      // It has ended either way.
    }
  }

  @Override
  public void close() throws IOException {
    closed = true;
    server.close();
    mend();
  }
}
