// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal.outgoing;

import org.fedwerk.api.store.Journal;
import org.fedwerk.coordinator.internal.bytes.StateReader;
import org.fedwerk.coordinator.internal.bytes.StateWriter;

/**
 * Numbers that count up for ever, also over restarts: blocks are reserved on disk before they are
 * used. Runner thread only.
 */
public final class Sequence {
  private static final int RESERVED = 1;
  private static final int BLOCK = 1000;

  private final Journal journal;
  private long next;
  private long reserved = 1;

  public Sequence(Journal journal) {
    this.journal = journal;
    journal.replay(
        journal.first(),
        (sequence, bytes) -> reserved = new StateReader("the sequence journal", bytes).number());
    next = reserved;
  }

  public long next() {
    if (next == reserved) {
      long more = reserved + BLOCK;
      long at = journal.append(new StateWriter(RESERVED).number(more).record());
      journal.force();
      journal.dropBefore(at);
      reserved = more;
    }
    return next++;
  }
}
