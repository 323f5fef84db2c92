// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.predict.opcua.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.eclipse.milo.opcua.stack.core.security.SecurityPolicy;
import org.fedwerk.api.Digest;
import org.fedwerk.api.predict.Prediction;
import org.fedwerk.api.predict.Prediction.Trust;
import org.fedwerk.api.status.StatusLine;

/** Servers on loopback, and predictions for them. */
final class ServerFixture {
  static final Login LOGIN = new Login("scada", "correct horse");
  static final Digest DIGEST = Digest.of(new byte[] {1, 2, 3});
  static final Instant START = Instant.parse("2026-01-05T06:00:00Z");
  private static final Clock NOON =
      Clock.fixed(Instant.parse("2026-01-05T12:00:00Z"), ZoneOffset.UTC);

  private ServerFixture() {}

  static ServerSettings settings(Path folder, int port, boolean trustAll) {
    return new ServerSettings(
        "127.0.0.1",
        port,
        "127.0.0.1",
        Set.of(SecurityPolicy.Basic256Sha256),
        LOGIN,
        false,
        folder,
        trustAll,
        20,
        1000);
  }

  static PredictionServer server(ServerSettings settings) {
    return new PredictionServer(
        settings, NOON, new Backoff(Duration.ofMillis(20), Duration.ofMillis(100), new Random(1)));
  }

  static PredictionServer started(ServerSettings settings) {
    PredictionServer server = server(settings);
    server.start();
    await(
        () -> server.endpoint() != null || server.status().get(0).state() == StatusLine.State.DOWN);
    assertEquals(StatusLine.State.READY, server.status().get(0).state());
    return server;
  }

  static Prediction prediction(int number, Trust trust) {
    return new Prediction(
        "mill",
        "P" + number,
        number % 2 == 0 ? "good" : "bad",
        0.75,
        List.of(0.25, 0.75),
        0.4,
        7,
        DIGEST,
        3,
        number,
        trust,
        START.plusMillis(number),
        0.125);
  }

  static void await(BooleanSupplier condition) {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > until) {
        throw new AssertionError("the awaited condition did not come true in 30 seconds");
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
  }
}
