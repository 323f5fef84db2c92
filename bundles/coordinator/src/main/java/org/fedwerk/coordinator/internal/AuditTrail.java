// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.fedwerk.api.store.Journal;
import org.fedwerk.coordinator.internal.bytes.StateReader;
import org.fedwerk.coordinator.internal.bytes.StateWriter;

/**
 * Keeps, on disk and bounded, the replies that contradicted their plan or an earlier reply, and
 * what persons ordered.
 */
final class AuditTrail {
  private static final int LINE = 1;

  private final Journal journal;
  private final int most;
  private final Clock clock;

  AuditTrail(Journal journal, int most, Clock clock) {
    this.journal = journal;
    this.most = most;
    this.clock = clock;
  }

  void record(String line) {
    StateWriter out = new StateWriter(LINE).number(clock.millis()).text(line);
    long sequence = journal.append(out.record());
    if (sequence > most) {
      journal.dropBefore(sequence - most + 1);
    }
  }

  /** The lines kept, oldest first. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    journal.replay(
        journal.first(),
        (sequence, bytes) -> {
          StateReader in = new StateReader("the audit journal", bytes);
          in.number();
          lines.add(in.text());
        });
    return lines;
  }
}
