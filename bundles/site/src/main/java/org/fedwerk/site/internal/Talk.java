// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread on which a conversation happens, and the bounded way from the link to it. */
final class Talk {
  private static final Logger log = LoggerFactory.getLogger(Talk.class);
  private static final int MOST_WAITING = 1000;

  private final ScheduledExecutorService thread;
  private final Semaphore room = new Semaphore(MOST_WAITING);
  private String lastFailure = "";

  Talk(ScheduledExecutorService thread) {
    this.thread = thread;
  }

  /** Runs a step soon; left out once the conversation has ended. */
  void later(Runnable step) {
    try {
      thread.execute(guarded(step));
    } catch (RejectedExecutionException ended) {
      log.debug("The conversation has ended; a step was left out");
    }
  }

  /** Like {@link #later}, but waits while too much is waiting. */
  void laterIfRoom(Runnable step) throws InterruptedException {
    room.acquire();
    later(
        () -> {
          room.release();
          step.run();
        });
  }

  void every(long millis, Runnable step) {
    var unused =
        thread.scheduleWithFixedDelay(guarded(step), millis, millis, TimeUnit.MILLISECONDS);
  }

  private Runnable guarded(Runnable step) {
    return () -> {
      try {
        step.run();
      } catch (RuntimeException broken) {
        // One broken step must not end the talk thread; the protocol repeats what was lost.
        if (!broken.toString().equals(lastFailure)) {
          lastFailure = broken.toString();
          log.error("A step of the conversation failed: {}", lastFailure);
        }
        log.debug("The cause in full", broken);
      }
    };
  }

  /** Does what waits, then ends. */
  void close(long seconds) throws InterruptedException {
    thread.shutdown();
    if (!thread.awaitTermination(seconds, TimeUnit.SECONDS)) {
      thread.shutdownNow();
    }
    // Whoever waits for room must not wait for ever.
    room.release(MOST_WAITING);
  }
}
