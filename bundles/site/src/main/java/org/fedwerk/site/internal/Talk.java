// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.fedwerk.api.metric.Measurement;
import org.fedwerk.api.metric.QueueLevel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread on which a conversation happens, and the bounded way from the link to it. */
final class Talk {
  private static final Logger log = LoggerFactory.getLogger(Talk.class);

  private final ScheduledExecutorService thread;
  private final int mostMessages;
  private final int mostBytes;
  private final Semaphore messages;
  private final Semaphore bytes;
  private String lastFailure = "";

  /**
   * Over a thread of its own.
   *
   * @param mostMessages most messages that wait
   * @param mostBytes most bytes of them; a larger message waits until it is alone
   */
  Talk(ScheduledExecutorService thread, int mostMessages, int mostBytes) {
    this.thread = thread;
    this.mostMessages = mostMessages;
    this.mostBytes = mostBytes;
    this.messages = new Semaphore(mostMessages);
    this.bytes = new Semaphore(mostBytes);
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
  void laterIfRoom(int size, Runnable step) throws InterruptedException {
    int taken = Math.min(size, mostBytes);
    messages.acquire();
    bytes.acquire(taken);
    later(
        () -> {
          messages.release();
          bytes.release(taken);
          step.run();
        });
  }

  /** What waits, for status. */
  String depth() {
    return mostMessages
        - messages.availablePermits()
        + " of at most "
        + mostMessages
        + " messages, "
        + (mostBytes - bytes.availablePermits())
        + " of at most "
        + mostBytes
        + " bytes wait";
  }

  /** How full it is. */
  List<Measurement> levels() {
    List<Measurement> levels = new ArrayList<>();
    levels.addAll(
        new QueueLevel("talk", mostMessages - messages.availablePermits(), mostMessages).things());
    levels.addAll(new QueueLevel("talk", mostBytes - bytes.availablePermits(), mostBytes).bytes());
    return levels;
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
    messages.release(mostMessages);
    bytes.release(mostBytes);
  }
}
