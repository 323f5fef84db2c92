// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.schedule;

import org.fedwerk.api.store.Journal;

/** Passes everything on, for a bug that changes one call. */
class Passing implements Journal {
  final Journal journal;

  Passing(Journal journal) {
    this.journal = journal;
  }

  @Override
  public long append(byte[] record) {
    return journal.append(record);
  }

  @Override
  public void force() {
    journal.force();
  }

  @Override
  public void replay(long from, Visitor visitor) {
    journal.replay(from, visitor);
  }

  @Override
  public long last() {
    return journal.last();
  }

  @Override
  public long first() {
    return journal.first();
  }

  @Override
  public long bytes() {
    return journal.bytes();
  }

  @Override
  public void dropBefore(long sequence) {
    journal.dropBefore(sequence);
  }

  @Override
  public void redact(Redaction redaction) {
    journal.redact(redaction);
  }

  @Override
  public void close() {
    journal.close();
  }
}
