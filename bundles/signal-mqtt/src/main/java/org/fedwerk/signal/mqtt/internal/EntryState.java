// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.signal.mqtt.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.fedwerk.api.signal.SignalReading;
import org.jspecify.annotations.Nullable;

/**
 * What came last for one signal or label, and how much. Written by the source's thread, read by
 * any.
 */
final class EntryState {
  private static final int RATE_SECONDS = 10;

  private final String name;
  private final String unit;
  private final LongSupplier nanos;
  private final long[] perSecond = new long[RATE_SECONDS];
  private long newestSecond;
  private String value = "";
  private String quality = "none";
  private @Nullable Instant sourceTime;
  private long receivedAt;
  private long received;
  private long refused;

  EntryState(String name, String unit, LongSupplier nanos) {
    this.name = name;
    this.unit = unit;
    this.nanos = nanos;
    this.newestSecond = second();
  }

  /** A value came that could be taken. */
  synchronized void took(String newest, Instant time) {
    value = newest;
    sourceTime = time;
    arrived("good");
  }

  /** A message came that could not be used. @return how many there were */
  synchronized long refused(String why) {
    refused++;
    arrived(why);
    return refused;
  }

  private void arrived(String how) {
    quality = how;
    receivedAt = nanos.getAsLong();
    received++;
    forget(second());
    perSecond[slot(newestSecond)]++;
  }

  synchronized SignalReading reading() {
    forget(second());
    return new SignalReading(
        name,
        unit,
        value,
        quality,
        sourceTime,
        received == 0 ? null : Duration.ofNanos(nanos.getAsLong() - receivedAt),
        Arrays.stream(perSecond).sum() / (double) RATE_SECONDS,
        received,
        refused,
        0);
  }

  private void forget(long second) {
    for (long s = Math.max(newestSecond, second - RATE_SECONDS) + 1; s <= second; s++) {
      perSecond[slot(s)] = 0;
    }
    newestSecond = Math.max(newestSecond, second);
  }

  private long second() {
    return TimeUnit.NANOSECONDS.toSeconds(nanos.getAsLong());
  }

  private static int slot(long second) {
    return (int) Math.floorMod(second, (long) RATE_SECONDS);
  }
}
