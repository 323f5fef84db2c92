// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.signal.mqtt.internal;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that ends each connection as soon as it has taken it. */
class EarlyEndTest {
  private static final int ATTEMPTS = 8;
  private static final int PATIENCE_SECONDS = 40;

  @TempDir Path folder;

  private static List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("MQTT") && name.endsWith("-early"))
        .toList();
  }

  @Test
  void attemptsLeaveNoThreadBehind() throws Exception {
    Semaphore attempts = new Semaphore(0);
    ServerKeys keys = ServerKeys.make(folder, "early");
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      Thread door =
          new Thread(
              () -> {
                while (!server.isClosed()) {
                  try (Socket each = server.accept()) {
                    attempts.release();
                  } catch (IOException closed) {
                    return;
                  }
                }
              });
      door.start();
      Map<String, Object> configuration =
          Plants.keys("early", "tcp://127.0.0.1:" + server.getLocalPort(), keys.pem());
      configuration.remove("ca");
      configuration.put("allow.plain", "true");
      try (MqttSource source = Plants.start(configuration, new CollectingSinks())) {
        assertTrue(attempts.tryAcquire(ATTEMPTS, PATIENCE_SECONDS, TimeUnit.SECONDS));
        assertTrue(threads().size() <= 4, threads().toString());
        assertFalse(source.status().get(0).detail().isEmpty());
      }
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
      while (!threads().isEmpty()) {
        assertTrue(System.nanoTime() < end, threads().toString());
        assertFalse(new CountDownLatch(1).await(5, TimeUnit.MILLISECONDS));
      }
      server.close();
      door.join();
    }
  }
}
