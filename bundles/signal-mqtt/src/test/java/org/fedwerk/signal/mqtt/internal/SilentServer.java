// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.signal.mqtt.internal;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Takes one connection and never answers. */
final class SilentServer implements AutoCloseable {
  private final ServerSocket listening = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
  private final CountDownLatch came = new CountDownLatch(1);
  private final CompletableFuture<Boolean> ended = new CompletableFuture<>();

  SilentServer() throws IOException {
    Thread thread = new Thread(this::serve, "silent-server");
    thread.setDaemon(true);
    thread.start();
  }

  private void serve() {
    try (Socket socket = listening.accept()) {
      came.countDown();
      socket.getInputStream().readAllBytes();
      ended.complete(true);
    } catch (IOException cut) {
      ended.complete(came.getCount() == 0);
    }
  }

  int port() {
    return listening.getLocalPort();
  }

  void awaitClient() throws InterruptedException {
    if (!came.await(40, TimeUnit.SECONDS)) {
      throw new AssertionError("nobody connected");
    }
  }

  /** True when the client has closed its connection. */
  CompletableFuture<Boolean> ended() {
    return ended;
  }

  @Override
  public void close() throws IOException {
    listening.close();
  }
}
