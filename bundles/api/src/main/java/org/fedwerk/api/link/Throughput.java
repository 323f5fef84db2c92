// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.link;

import java.time.Duration;
import java.util.OptionalDouble;

/**
 * What a link's larger messages came to since it was made: how fast it is, seen while it sent.
 *
 * @param bytes payload bytes of those that the next hop took
 * @param busy how long at least one was under way, with what waited or failed; overlapping ones
 *     count once
 */
public record Throughput(long bytes, Duration busy) {
  /** From how many bytes on a message is large; of a smaller one only the delay would show. */
  public static final int LEAST_BYTES = 4096;

  /** Nothing was sent. */
  public static final Throughput NONE = new Throughput(0, Duration.ZERO);

  private static final double NANOS = 1e9;

  /** Payload bytes per second; empty before the first message was taken. */
  public OptionalDouble bytesPerSecond() {
    return bytes == 0 || busy.isZero()
        ? OptionalDouble.empty()
        : OptionalDouble.of(bytes * NANOS / busy.toNanos());
  }
}
