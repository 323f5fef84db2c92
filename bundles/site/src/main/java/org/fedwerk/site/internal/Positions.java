// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.util.HashMap;
import java.util.Map;
import org.fedwerk.api.Digest;
import org.fedwerk.api.message.Position;
import org.fedwerk.api.store.Journal;

/**
 * The highest plan seen of each task, on disk, so that an older one is refused for ever.
 * Thread-safe.
 */
final class Positions {
  private static final int SEEN = 1;
  private static final int SNAPSHOT_EVERY = 1000;
  private static final String NAME = "site/positions";

  private final Journal journal;
  private final Map<Digest, Position> highest = new HashMap<>();

  Positions(Journal journal) {
    this.journal = journal;
    journal.replay(
        journal.first(),
        (sequence, bytes) -> {
          StateReader record = new StateReader(NAME, bytes);
          highest.put(
              record.digest(),
              new Position(record.number(), record.integer(), record.integer(), record.integer()));
        });
  }

  /** The highest plan seen of a task; {@link Position#NONE} if there was none. */
  synchronized Position of(Digest task) {
    return highest.getOrDefault(task, Position.NONE);
  }

  /** Raises the mark before a plan has any effect. */
  synchronized void raise(Digest task, Position position) {
    if (position.compareTo(of(task)) <= 0) {
      return;
    }
    long sequence = append(task, position);
    journal.force();
    highest.put(task, position);
    if (sequence % SNAPSHOT_EVERY == 0) {
      highest.forEach(this::append);
      journal.dropBefore(sequence);
    }
  }

  private long append(Digest task, Position position) {
    return journal.append(
        new StateWriter(SEEN)
            .digest(task)
            .number(position.epoch())
            .number(position.round())
            .number(position.attempt())
            .number(position.phase())
            .record());
  }
}
