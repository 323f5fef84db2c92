// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.link.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.OptionalDouble;
import org.fedwerk.api.link.Throughput;
import org.junit.jupiter.api.Test;

class BusyTimeTest {
  private static final int LARGE = 2 * Throughput.LEAST_BYTES;

  private long now;
  private final BusyTime busy = new BusyTime(() -> now);

  private void later(int seconds) {
    now += Duration.ofSeconds(seconds).toNanos();
  }

  private Throughput after(int seconds, long bytes) {
    return new Throughput(bytes, Duration.ofSeconds(seconds));
  }

  @Test
  void messagesThatOverlapCountTheirTimeOnceAndRestDoesNotCount() {
    later(7);
    busy.begins(LARGE);
    later(1);
    busy.begins(LARGE);
    later(1);
    busy.ends(LARGE, true);
    later(2);
    busy.ends(LARGE, true);
    later(100);
    assertEquals(after(4, 2 * LARGE), busy.throughput());
    assertEquals(OptionalDouble.of(LARGE / 2.0), busy.throughput().bytesPerSecond());
  }

  @Test
  void aFailedMessageAndOneUnderWayCountTheirTimeButNoBytes() {
    busy.begins(LARGE);
    later(3);
    busy.ends(LARGE, false);
    busy.begins(LARGE);
    later(2);
    assertEquals(after(5, 0), busy.throughput());
    assertEquals(OptionalDouble.empty(), busy.throughput().bytesPerSecond());
    busy.ends(LARGE, true);
    assertEquals(after(5, LARGE), busy.throughput());
  }

  @Test
  void smallMessagesTellNothingOfTheSpeed() {
    busy.begins(Throughput.LEAST_BYTES - 1);
    later(1);
    busy.ends(Throughput.LEAST_BYTES - 1, true);
    assertEquals(Throughput.NONE, busy.throughput());
  }
}
