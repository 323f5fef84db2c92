// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import org.fedwerk.api.store.Journal;

/**
 * Numbers that count up for ever, also over restarts: blocks are reserved on disk before they are
 * used. Thread-safe.
 */
final class Sequence {
  private static final int RESERVED = 1;
  private static final int BLOCK = 1000;

  private final Journal journal;
  private final String name;
  private long next = 1;
  private long reserved = 1;

  Sequence(Journal journal, String name) {
    this.journal = journal;
    this.name = name;
    journal.replay(
        journal.first(), (sequence, bytes) -> reserved = new StateReader(name, bytes).number());
    next = reserved;
  }

  synchronized long next() {
    if (next == reserved) {
      long at = journal.append(new StateWriter(RESERVED).number(reserved + BLOCK).record());
      journal.force();
      reserved += BLOCK;
      journal.dropBefore(at);
    }
    return next++;
  }

  /** The newest number given; 0 if none was. */
  synchronized long newest() {
    return next - 1;
  }

  @Override
  public String toString() {
    return name;
  }
}
