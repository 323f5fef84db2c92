// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.window.internal;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Counts since the start that the intake writes and reports read. Thread-safe. */
final class Tally {
  private static final int MOST_WAITING = 100_000;

  final AtomicLong missing = new AtomicLong();
  final AtomicLong unmapped = new AtomicLong();
  final AtomicLong homeless = new AtomicLong();
  final AtomicLong joined = new AtomicLong();
  final Set<String> labelNames = ConcurrentHashMap.newKeySet();
  volatile String open = "";
  private final Set<String> waiting = ConcurrentHashMap.newKeySet();

  /** A label came before its part. */
  void waits(String serial) {
    if (waiting.size() < MOST_WAITING) {
      waiting.add(serial);
    }
  }

  /** Its part came. @return true if it was waited for */
  boolean came(String serial) {
    return waiting.remove(serial);
  }

  /** Labels without a part or meaning, for status; empty if there are none. */
  String labels() {
    if (waiting.isEmpty() && unmapped.get() == 0 && homeless.get() == 0) {
      return "";
    }
    return "; labels: "
        + waiting.size()
        + " wait for their part, "
        + homeless.get()
        + " for parts no longer kept, "
        + unmapped.get()
        + " of an unknown code";
  }

  int waiting() {
    return waiting.size();
  }
}
