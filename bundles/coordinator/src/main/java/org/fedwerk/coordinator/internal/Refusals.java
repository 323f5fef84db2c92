// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts what was refused, by reason, and logs each reason at most once a minute, without content.
 * Thread-safe.
 */
public final class Refusals {
  private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);
  private static final long QUIET_NANOS = 60_000_000_000L;
  private static final int REASONS_MOST = 100;
  private static final String OTHER = "other reasons";

  private final LongSupplier nanos;
  private final Map<String, Long> counts = new TreeMap<>();
  private final Map<String, Long> logged = new TreeMap<>();

  /** None yet. */
  public Refusals(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /**
   * Counts one.
   *
   * @param reason words without variable parts, so that equal cases count together
   * @param who the sender, as far as it is known
   * @param detail what exactly, for the log
   */
  synchronized void count(String reason, String who, String detail) {
    String key = counts.containsKey(reason) || counts.size() < REASONS_MOST ? reason : OTHER;
    counts.merge(key, 1L, Long::sum);
    long now = nanos.getAsLong();
    Long last = logged.get(key);
    if (last == null || now - last >= QUIET_NANOS) {
      logged.put(key, now);
      LOG.warn("refused from {}: {}{}", who, key, detail.isEmpty() ? "" : ": " + detail);
    }
  }

  /** How often each reason came, since start. */
  public synchronized Map<String, Long> counts() {
    return Map.copyOf(counts);
  }

  /** One sentence for status. */
  synchronized String summary() {
    return counts.isEmpty()
        ? "nothing refused since start"
        : "refused since start: "
            + counts.entrySet().stream()
                .map(entry -> entry.getValue() + " x " + entry.getKey())
                .collect(Collectors.joining("; "));
  }
}
