// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts refused messages by reason and logs each reason once a minute at most, never with content.
 * Thread-safe.
 */
final class Refusals {
  private static final Logger log = LoggerFactory.getLogger(Refusals.class);
  private static final long QUIET_NANOS = Duration.ofMinutes(1).toNanos();
  private static final int MOST_REASONS = 100;

  private final LongSupplier nanoTime;
  private final Map<String, Long> counts = new TreeMap<>();
  private final Map<String, Long> logged = new TreeMap<>();

  Refusals(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  synchronized void count(String what, String reason) {
    String key = counts.size() < MOST_REASONS ? what + ": " + reason : "others";
    counts.merge(key, 1L, Long::sum);
    long now = nanoTime.getAsLong();
    Long last = logged.get(key);
    if (last == null || now - last > QUIET_NANOS) {
      logged.put(key, now);
      log.warn("Refused a {}", key);
    }
  }

  synchronized long total() {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  /** How many, and why, for status. */
  synchronized String summary() {
    return total() + (total() > 0 ? " (" + this + ")" : "");
  }

  /** All reasons with their counts. */
  @Override
  public synchronized String toString() {
    return counts.entrySet().stream()
        .map(each -> each.getValue() + " x " + each.getKey())
        .collect(Collectors.joining("; "));
  }
}
