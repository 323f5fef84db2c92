// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.metric;

import java.util.List;

/**
 * How full a bounded queue is, told in the same way by every room: {@code fedwerk.queue.depth} and
 * {@code fedwerk.queue.bound} count what waits, {@code fedwerk.queue.used} and {@code
 * fedwerk.queue.limit} its bytes; the tag {@code queue} names it.
 *
 * @param queue its name, for example {@code intake}; where there is one per configuration, with a
 *     colon and the configuration's name behind
 * @param depth what waits now
 * @param bound most that can wait
 */
public record QueueLevel(String queue, long depth, long bound) {
  private static final String TAG = "queue";

  public QueueLevel {
    if (queue.isEmpty() || bound < 1) {
      throw new IllegalArgumentException("queue \"" + queue + "\" with the bound " + bound);
    }
  }

  /** As measurements of things: messages, parts, requests. */
  public List<Measurement> things() {
    return List.of(
        Measurement.gauge("fedwerk.queue.depth", "", "What waits in a queue", depth, TAG, queue),
        Measurement.gauge(
            "fedwerk.queue.bound", "", "Most that can wait in it", bound, TAG, queue));
  }

  /** As measurements of bytes. */
  public List<Measurement> bytes() {
    return List.of(
        Measurement.gauge(
            "fedwerk.queue.used", "bytes", "Bytes that wait in a queue", depth, TAG, queue),
        Measurement.gauge(
            "fedwerk.queue.limit", "bytes", "Most bytes that can wait in it", bound, TAG, queue));
  }
}
