// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.routes.internal;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Waits for what comes from another thread. */
final class Until {
  private static final long LIMIT = Duration.ofSeconds(30).toNanos();

  private Until() {}

  static void holds(String what, Callable<Boolean> question) throws Exception {
    long end = System.nanoTime() + LIMIT;
    while (!question.call()) {
      assertTrue(System.nanoTime() < end, what + " never came");
      LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
    }
  }
}
