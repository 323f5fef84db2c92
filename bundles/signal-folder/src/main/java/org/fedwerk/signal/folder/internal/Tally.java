// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.signal.folder.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.LongSupplier;
import org.fedwerk.api.signal.SignalReading;
import org.jspecify.annotations.Nullable;

/** What came lately and how much. Written by the source's thread, read by any. */
final class Tally {
  private static final long RATE_NANOS = Duration.ofSeconds(10).toNanos();

  private final FolderSettings settings;
  private final LongSupplier nanos;
  private final Deque<Long> arrivals = new ArrayDeque<>();
  private String serial = "";
  private String quality = "none";
  private @Nullable Instant time;
  private long arrived;
  private long taken;
  private long refused;
  private int waiting;

  Tally(FolderSettings settings, LongSupplier nanos) {
    this.settings = settings;
    this.nanos = nanos;
  }

  synchronized void took(String newest, Instant sourceTime) {
    serial = newest;
    time = sourceTime;
    taken++;
    arrive("good");
  }

  synchronized void refused(String why) {
    refused++;
    arrive(why);
  }

  /** So many files are in the folder. */
  synchronized void found(int files) {
    waiting = files;
  }

  /** Files that the last look found and that are neither stored nor refused. */
  synchronized int waiting() {
    return waiting;
  }

  private void arrive(String how) {
    waiting--;
    quality = how;
    arrived = nanos.getAsLong();
    arrivals.addLast(arrived);
    forget();
  }

  private void forget() {
    while (!arrivals.isEmpty() && nanos.getAsLong() - arrivals.getFirst() > RATE_NANOS) {
      arrivals.removeFirst();
    }
  }

  synchronized long taken() {
    return taken;
  }

  synchronized long refused() {
    return refused;
  }

  /** Of the signal of images, then of that of serials. */
  synchronized List<SignalReading> readings() {
    forget();
    return List.of(
        reading(settings.signal(), serial.isEmpty() ? "" : "image of " + serial, quality, refused),
        reading(settings.serial(), serial, taken == 0 ? "none" : "good", 0));
  }

  private SignalReading reading(String signal, String value, String how, long unfit) {
    double seconds = RATE_NANOS / 1e9;
    boolean isFresh = taken + unfit > 0;
    return new SignalReading(
        signal,
        "",
        value,
        how,
        time,
        isFresh ? Duration.ofNanos(nanos.getAsLong() - arrived) : null,
        arrivals.size() / seconds,
        taken + unfit,
        unfit,
        0);
  }
}
