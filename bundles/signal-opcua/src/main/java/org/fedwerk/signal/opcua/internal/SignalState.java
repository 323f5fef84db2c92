// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.signal.opcua.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.fedwerk.api.signal.SignalReading;
import org.jspecify.annotations.Nullable;

/** What came last for one signal, and how much. Written by the source's thread, read by any. */
final class SignalState {
  private static final int RATE_SECONDS = 10;

  private final SignalSetting signal;
  private final LongSupplier nanos;
  private final long[] perSecond = new long[RATE_SECONDS];
  private long newestSecond;
  private String value = "";
  private String quality = "none";
  private @Nullable Instant sourceTime;
  private long receivedAt;
  private long received;
  private long refused;
  private long overflows;

  SignalState(SignalSetting signal, LongSupplier nanos) {
    this.signal = signal;
    this.nanos = nanos;
    this.newestSecond = second();
  }

  /** A value came that could be taken. */
  synchronized void took(String value, String quality, Instant time, boolean isOverflow) {
    this.value = value;
    arrived(quality, time, isOverflow);
  }

  /** A value came that is not what this signal delivers. @return how many there were */
  synchronized long refused(String why, Instant time, boolean isOverflow) {
    refused++;
    arrived(why, time, isOverflow);
    return refused;
  }

  private void arrived(String quality, Instant time, boolean isOverflow) {
    this.quality = quality;
    this.sourceTime = time;
    receivedAt = nanos.getAsLong();
    received++;
    overflows += isOverflow ? 1 : 0;
    forget(second());
    perSecond[slot(newestSecond)]++;
  }

  synchronized SignalReading reading() {
    forget(second());
    return new SignalReading(
        signal.name(),
        signal.unit(),
        value,
        quality,
        sourceTime,
        sourceTime == null ? null : Duration.ofNanos(nanos.getAsLong() - receivedAt),
        Arrays.stream(perSecond).sum() / (double) RATE_SECONDS,
        received,
        refused,
        overflows);
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
