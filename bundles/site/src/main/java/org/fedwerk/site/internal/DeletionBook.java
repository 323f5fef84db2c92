// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.fedwerk.api.site.DataDeletion.Deletion;
import org.fedwerk.api.site.DataDeletion.RowUse;
import org.fedwerk.api.store.Journal;

/** Who deleted what and when, and what had read it: kept for ever. Thread-safe. */
final class DeletionBook {
  static final String NAME = "site/deletions";

  private static final int BEGUN = 1;
  private static final int READ_BY = 2;
  private static final int ENDED = 3;

  private static final String UNDER_WAY = "under way";
  private static final String DELETED = "deleted";
  private static final String NOT_BEGUN = "not begun";

  private final Journal journal;
  private final TreeMap<Long, Entry> entries = new TreeMap<>();

  /**
   * A deletion and what is needed to end it.
   *
   * @param deletion as people see it
   * @param before the store's deletions before this one
   * @param isAccounted true once it is on record what had read the parts
   */
  record Entry(Deletion deletion, long before, boolean isAccounted) {
    boolean isOpen() {
      return deletion.state().equals(UNDER_WAY);
    }
  }

  DeletionBook(Journal journal) {
    this.journal = journal;
    journal.replay(
        journal.first(), (sequence, bytes) -> apply(sequence, new StateReader(NAME, bytes)));
  }

  private void apply(long sequence, StateReader in) {
    switch (in.type()) {
      case BEGUN -> {
        Instant time = Instant.ofEpochMilli(in.number());
        Deletion begun =
            new Deletion(
                sequence,
                time,
                in.text(),
                in.text(),
                in.integer(),
                in.integer(),
                in.integer(),
                UNDER_WAY,
                List.of());
        entries.put(sequence, new Entry(begun, in.number(), false));
      }
      case READ_BY ->
          entries.computeIfPresent(
              in.number(),
              (number, entry) ->
                  new Entry(
                      with(entry.deletion(), UNDER_WAY, in.list(DeletionBook::use)),
                      entry.before(),
                      true));
      case ENDED ->
          entries.computeIfPresent(
              in.number(),
              (number, entry) ->
                  new Entry(
                      with(
                          entry.deletion(),
                          in.number() == 1 ? DELETED : NOT_BEGUN,
                          entry.deletion().uses()),
                      entry.before(),
                      entry.isAccounted()));
      default ->
          throw new IllegalStateException(
              "journal " + NAME + " holds a record of unknown type " + in.type());
    }
  }

  private static Deletion with(Deletion d, String state, List<RowUse> uses) {
    return new Deletion(
        d.number(),
        d.time(),
        d.by(),
        d.selection(),
        d.serials(),
        d.parts(),
        d.labels(),
        state,
        uses);
  }

  private static RowUse use(StateReader in) {
    return new RowUse(in.text(), in.digest(), in.text(), in.integer(), in.integer(), in.integer());
  }

  private long append(byte[] record) {
    long sequence = journal.append(record);
    journal.force();
    apply(sequence, new StateReader(NAME, record));
    return sequence;
  }

  /** A deletion begins. @return its number */
  synchronized long begin(Deletion preview, long before) {
    return append(
        new StateWriter(BEGUN)
            .number(preview.time().toEpochMilli())
            .text(preview.by())
            .text(preview.selection())
            .number(preview.serials())
            .number(preview.parts())
            .number(preview.labels())
            .number(before)
            .record());
  }

  /** What had read the parts. */
  synchronized void account(long number, List<RowUse> uses) {
    append(
        new StateWriter(READ_BY)
            .number(number)
            .list(
                uses,
                (out, use) ->
                    out.text(use.task())
                        .digest(use.digest())
                        .text(use.request())
                        .number(use.firstRound())
                        .number(use.lastRound())
                        .number(use.parts()))
            .record());
  }

  /** A deletion has ended. */
  synchronized void end(long number, boolean deleted) {
    append(new StateWriter(ENDED).number(number).number(deleted ? 1 : 0).record());
  }

  synchronized Entry find(long number) {
    return Optional.ofNullable(entries.get(number)).orElseThrow();
  }

  /** Deletions that a kill interrupted, or a file that could not be written. */
  synchronized List<Entry> open() {
    return entries.values().stream().filter(Entry::isOpen).toList();
  }

  /** Newest first. */
  synchronized List<Deletion> all() {
    List<Deletion> all = new ArrayList<>();
    entries.values().forEach(entry -> all.add(entry.deletion()));
    all.sort(Comparator.comparingLong(Deletion::number).reversed());
    return all;
  }
}
