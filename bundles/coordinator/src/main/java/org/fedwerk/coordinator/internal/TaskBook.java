// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal;

import java.util.ArrayList;
import java.util.List;
import org.fedwerk.api.store.Journal;
import org.fedwerk.coordinator.internal.bytes.StateReader;
import org.fedwerk.coordinator.internal.bytes.StateWriter;

/** The tasks submitted, in order, and the coordinator's epoch, on disk. */
final class TaskBook {
  private static final int EPOCH = 1;
  private static final int TASK = 2;

  private final Journal journal;
  private final List<Entry> entries = new ArrayList<>();
  private long epoch;

  /**
   * A submitted task.
   *
   * @param yaml the document
   * @param rangeElements elements per range, for ever
   */
  record Entry(String yaml, int rangeElements) {}

  /** Reads the journal; the epoch is the journal's or the least one, whichever is more. */
  TaskBook(Journal journal, long leastEpoch) {
    this.journal = journal;
    journal.replay(
        journal.first(),
        (sequence, bytes) -> {
          StateReader in = new StateReader("the task journal", bytes);
          switch (in.type()) {
            case EPOCH -> epoch = in.number();
            case TASK -> entries.add(new Entry(in.text(), in.integer()));
            default ->
                throw new IllegalStateException(
                    "the task journal holds a record of unknown type "
                        + in.type()
                        + "; start the newer program again or restore a backup");
          }
        });
    if (epoch < leastEpoch) {
      epoch = leastEpoch;
      journal.append(new StateWriter(EPOCH).number(epoch).record());
      journal.force();
    }
  }

  long epoch() {
    return epoch;
  }

  List<Entry> entries() {
    return List.copyOf(entries);
  }

  void add(Entry entry) {
    StateWriter out = new StateWriter(TASK).text(entry.yaml()).number(entry.rangeElements());
    journal.append(out.record());
    journal.force();
    entries.add(entry);
  }
}
