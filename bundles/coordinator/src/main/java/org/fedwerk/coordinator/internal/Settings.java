// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal;

import java.time.Duration;
import org.fedwerk.coordinator.internal.outgoing.ChunkSender;

/**
 * How the coordinator runs.
 *
 * @param tick how often patience is checked
 * @param refetch chunks that did not come for so long are asked for again; where the way to a site
 *     takes longer, after that
 * @param rangeElements most elements per range of models and updates
 * @param queuedMessages most messages from the link that wait to be worked on
 * @param queuedBytes most bytes of them
 * @param auditRecords refused replies kept on disk
 * @param queuedOrders most orders of persons that wait to be followed
 * @param chunks how many chunks of models are under way
 */
public record Settings(
    Duration tick,
    Duration refetch,
    int rangeElements,
    int queuedMessages,
    long queuedBytes,
    int auditRecords,
    int queuedOrders,
    ChunkSender.Pace chunks) {
  private static final int ORDERS_THAT_WAIT = 100;

  public Settings {
    within("tick", tick.toMillis(), 10, 60_000);
    within("refetch", refetch.toMillis(), 10, 600_000);
    within("range elements", rangeElements, 1, 24_000);
    within("queued messages", queuedMessages, 10, 1_000_000);
    within("queued bytes", queuedBytes, 1 << 20, 1L << 32);
    within("audit records", auditRecords, 1, 1_000_000);
    within("queue.orders", queuedOrders, 1, 10_000);
  }

  /** With the defaults for orders and chunks. */
  public Settings(
      Duration tick,
      Duration refetch,
      int rangeElements,
      int queuedMessages,
      long queuedBytes,
      int auditRecords) {
    this(
        tick,
        refetch,
        rangeElements,
        queuedMessages,
        queuedBytes,
        auditRecords,
        ORDERS_THAT_WAIT,
        ChunkSender.Pace.DEFAULT);
  }

  /** What holds where nothing is configured. */
  public static Settings defaults() {
    return new Settings(
        Duration.ofMillis(500), Duration.ofSeconds(2), 24_000, 10_000, 64L << 20, 10_000);
  }

  private static void within(String what, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          what + " is " + value + ", allowed are " + least + " to " + most);
    }
  }
}
