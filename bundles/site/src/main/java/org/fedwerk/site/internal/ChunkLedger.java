// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
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

  /** Made by a job that has not written down yet what it needs them for. */
  private final Set<Digest> making = new HashSet<>();

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

  /**
   * Keeps a chunk that the work thread makes. Nobody needs it before the reply or vector that it
   * belongs to is written down, and an earlier one of the same bytes may just be let go: it stays
   * until {@link #made()}.
   */
  synchronized Digest keep(byte[] bytes) {
    Digest digest = Digest.of(bytes);
    making.add(digest);
    note(List.of(digest));
    return blobs.put(bytes);
  }

  /** The job that made chunks has ended; they are needed by what it wrote down, or not at all. */
  synchronized void made() {
    making.clear();
  }

  /**
   * Deletes the chunks that are not needed. For the thread that notes what is fetched.
   *
   * @param needed asks those who write down; it is asked without this ledger's lock, for they hold
   *     their own while they keep a chunk
   */
  void collect(Predicate<Digest> needed) {
    List<Digest> gone = new ArrayList<>(notMaking());
    gone.removeIf(needed);
    delete(gone);
  }

  private synchronized List<Digest> notMaking() {
    return held.stream().filter(each -> !making.contains(each)).toList();
  }

  private synchronized void delete(List<Digest> unneeded) {
    List<Digest> gone = unneeded.stream().filter(each -> !making.contains(each)).toList();
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
