// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.link.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsLineTest {
  private static final String HOST = "127.0.0.1";

  @TempDir Path folder;
  private Federation federation;
  private TlsSockets sockets;
  private final Socket raw = new Socket();

  @BeforeEach
  void found() throws Exception {
    federation = new Federation(folder, "plants").withBroker();
    sockets = new TlsSockets(federation.site("a").tls());
  }

  @AfterEach
  void disband() throws Exception {
    federation.close();
  }

  private TlsLine line(String host) {
    return new TlsLine(sockets, raw, host, federation.port());
  }

  @Test
  void naglesAlgorithmIsOff() throws Exception {
    TlsLine line = line(HOST);
    line.start();
    assertTrue(raw.getTcpNoDelay());
    line.stop();
    assertTrue(raw.isClosed());
  }

  @Test
  void theCertificateMustNameTheHost() throws Exception {
    String elsewhere = "127.0.0.2";
    try (ServerSocket server =
        Handshakes.server(federation.coordinator().tls(), InetAddress.getByName(elsewhere))) {
      CompletableFuture<Boolean> pretender =
          CompletableFuture.supplyAsync(
              () -> {
                try (SSLSocket each = (SSLSocket) server.accept()) {
                  each.startHandshake();
                  return each.getInputStream().read() >= 0;
                } catch (IOException refused) {
                  return false;
                }
              });
      TlsLine line = new TlsLine(sockets, raw, elsewhere, server.getLocalPort());
      SSLException refused = assertThrows(SSLException.class, line::start);
      assertTrue(String.valueOf(refused.getMessage()).contains(elsewhere), refused.toString());
      assertTrue(raw.isClosed());
      assertFalse(pretender.get(Ear.PATIENCE_SECONDS, TimeUnit.SECONDS));
    }
  }

  @Test
  void anUnknownHostIsSaidByName() {
    UnknownHostException failed =
        assertThrows(UnknownHostException.class, line("nowhere.invalid")::start);
    assertTrue(failed.getMessage().contains("nowhere.invalid"));
  }

  @Test
  void itEndsAtOnceWhileAWriterIsStuck() throws Exception {
    try (Stretch stretch = new Stretch(federation.port(), Duration.ZERO)) {
      TlsLine line = new TlsLine(sockets, raw, HOST, stretch.port());
      line.start();
      stretch.silence();
      CountDownLatch writing = new CountDownLatch(1);
      CompletableFuture<String> writer =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  for (int i = 0; i < 1000; i++) {
                    line.getOutputStream().write(new byte[64 * 1024], 0, 64 * 1024);
                    writing.countDown();
                  }
                  return "all was taken";
                } catch (IOException ended) {
                  return "ended";
                }
              });
      assertTrue(writing.await(Ear.PATIENCE_SECONDS, TimeUnit.SECONDS));
      CompletableFuture<Void> stop =
          CompletableFuture.runAsync(
              () -> {
                try {
                  line.stop();
                } catch (IOException failed) {
                  throw new UncheckedIOException(failed);
                }
              });
      stop.get(5, TimeUnit.SECONDS);
      assertEquals("ended", writer.get(5, TimeUnit.SECONDS));
    }
  }

  @Test
  void anEndIsToldOnlyWhenTheClientHasBegunToWrite() throws Exception {
    TlsLine line = line(HOST);
    line.start();
    federation.stopBroker();
    CompletableFuture<Boolean> read =
        CompletableFuture.supplyAsync(
            () -> {
              while (true) {
                try {
                  line.getInputStream().read();
                } catch (SocketTimeoutException nothing) {
                  continue;
                } catch (IOException ended) {
                  return true;
                }
              }
            });
    assertThrows(TimeoutException.class, () -> read.get(1500, TimeUnit.MILLISECONDS));
    assertFalse(read.isDone());
    assertThrows(IOException.class, () -> hammer(line));
    assertTrue(read.get(3, TimeUnit.SECONDS));
  }

  private static void hammer(TlsLine line) throws IOException {
    for (int i = 0; i < 100; i++) {
      line.getOutputStream().write(1);
    }
  }

  @Test
  void givingUpEndsAHandshakeThatNobodyAnswers() throws Exception {
    try (ServerSocket mute = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      TlsLine line = new TlsLine(sockets, raw, HOST, mute.getLocalPort());
      CompletableFuture<Boolean> started =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  line.start();
                  return true;
                } catch (IOException givenUp) {
                  return false;
                }
              });
      try (Socket taken = mute.accept()) {
        line.giveUp();
        assertFalse(started.get(5, TimeUnit.SECONDS));
        assertFalse(taken.isClosed());
      }
    }
  }
}
