// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.fedwerk.api.Digest;
import org.fedwerk.api.store.Blobs;
import org.fedwerk.api.store.Journal;

/**
 * The chunks that this site keeps as blobs, on disk, so that what no deployment, reply or plan
 * needs any more is removed, also after a restart. Thread-safe.
 */
final class ChunkLedger {
  private static final int NOTED = 1;
  private static final int HELD = 2;
  private static final String NAME = "site/chunks";

  private final Journal journal;
  private final Blobs blobs;
  private final Set<Digest> held = new LinkedHashSet<>();

  ChunkLedger(Journal journal, Blobs blobs) {
    this.journal = journal;
    this.blobs = blobs;
    journal.replay(
        journal.first(),
        (sequence, bytes) -> {
          StateReader record = new StateReader(NAME, bytes);
          if (record.type() == HELD) {
            held.clear();
          }
          held.addAll(record.list(StateReader::digest));
        });
  }

  /** These chunks are kept, or will be soon. */
  synchronized void note(Collection<Digest> chunks) {
    List<Digest> fresh = chunks.stream().distinct().filter(each -> !held.contains(each)).toList();
    if (!fresh.isEmpty()) {
      journal.append(new StateWriter(NOTED).list(fresh, StateWriter::digest).record());
      held.addAll(fresh);
    }
  }

  /** Deletes the chunks that are not needed. */
  synchronized void collect(Predicate<Digest> needed) {
    List<Digest> gone = held.stream().filter(needed.negate()).toList();
    if (gone.isEmpty()) {
      return;
    }
    gone.forEach(blobs::delete);
    gone.forEach(held::remove);
    // After the deletion: a kill in between repeats it, and nothing is lost track of.
    long sequence =
        journal.append(
            new StateWriter(HELD).list(new ArrayList<>(held), StateWriter::digest).record());
    journal.dropBefore(sequence);
  }
}
