// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.store;

import java.io.Closeable;
import org.jspecify.annotations.Nullable;

/**
 * An append-only log of records. Appended records survive a kill of this process at once, a power
 * loss after {@link #force()}. A torn record at the end is dropped on opening.
 */
public interface Journal extends Closeable {
  /**
   * Appends one record. Thread-safe.
   *
   * @return its sequence, from 1, without gaps
   * @throws java.io.UncheckedIOException if it could not be written; nothing of it is kept
   */
  long append(byte[] record);

  /** Forces all appended records to the device. */
  void force();

  /** Reads records from a sequence on, in order. */
  void replay(long from, Visitor visitor);

  /** Sequence of the newest record; 0 if there is none. */
  long last();

  /** Sequence of the oldest record kept; last + 1 if there is none. */
  long first();

  /** Bytes on disk. */
  long bytes();

  /** Allows whole segments to be removed that hold only records before a sequence. */
  void dropBefore(long sequence);

  /**
   * Takes content out of records so that it is gone from disk; sequences and sizes stay. Killed in
   * the middle, some records are as they were, and each is whole: call it again. Records appended
   * meanwhile are not seen.
   *
   * @throws UnsupportedOperationException if this journal cannot; that of a site can
   */
  default void redact(Redaction redaction) {
    throw new UnsupportedOperationException("this journal cannot take content out of records");
  }

  @Override
  void close();

  /** Says what stays of records. */
  @FunctionalInterface
  interface Redaction {
    /**
     * What stays of a record.
     *
     * @return null if all of it; else at most as many bytes, which are followed by zeros up to the
     *     record's size
     */
    byte @Nullable [] of(long sequence, byte[] record);
  }

  /** Sees records. */
  @FunctionalInterface
  interface Visitor {
    /** One record. */
    void record(long sequence, byte[] record);
  }
}
