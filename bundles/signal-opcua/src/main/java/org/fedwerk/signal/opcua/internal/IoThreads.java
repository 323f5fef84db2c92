// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.signal.opcua.internal;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Threads for Milo's callbacks. Idle ones end by themselves; the pool is never shut down, because
 * Milo's timers may still use it shortly after a connection has ended.
 */
final class IoThreads {
  private static final long IDLE_SECONDS = 30;

  private IoThreads() {}

  static ExecutorService of(String source) {
    return new ThreadPoolExecutor(
        0,
        Integer.MAX_VALUE,
        IDLE_SECONDS,
        TimeUnit.SECONDS,
        new SynchronousQueue<>(),
        task -> {
          Thread io = new Thread(task, "fedwerk-opcua-io-" + source);
          io.setDaemon(true);
          return io;
        });
  }
}
