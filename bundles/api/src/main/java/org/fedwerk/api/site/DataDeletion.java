// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.site;

import java.time.Instant;
import java.util.List;
import org.fedwerk.api.Digest;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.store.DataSelection;

/**
 * Deletes a site's data on a person's word, for good and on record. Implemented by the site room.
 * Any thread may call; one deletion runs at a time.
 */
public interface DataDeletion {
  /**
   * What a deletion would mean; nothing is deleted.
   *
   * @throws RefusedException if nothing is meant, or a part that is not closed yet
   */
  Deletion preview(DataSelection selection) throws RefusedException;

  /**
   * Deletes parts, labels, roles and samples, and the serials in what the site keeps of its work.
   * Killed in the middle, the next start ends it.
   *
   * @param by who decides, for the record
   * @throws RefusedException if nothing is meant, or a part that is not closed yet
   * @throws java.io.UncheckedIOException if a file could not be written; the next start ends it
   */
  Deletion delete(DataSelection selection, String by) throws RefusedException;

  /** All deletions, newest first. */
  List<Deletion> deletions();

  /**
   * A deletion on record. It names no serial.
   *
   * @param number in the journal; 0 for a preview
   * @param time wall clock, for people
   * @param by who decided
   * @param selection what was meant, in words
   * @param serials how many serials
   * @param parts closed parts
   * @param labels revisions of labels
   * @param state {@code preview}, {@code deleted}, {@code under way}, {@code not begun} if the
   *     process ended before anything was deleted
   * @param uses what had read the parts
   */
  record Deletion(
      long number,
      Instant time,
      String by,
      String selection,
      int serials,
      int parts,
      int labels,
      String state,
      List<RowUse> uses) {
    public Deletion {
      uses = List.copyOf(uses);
    }
  }

  /**
   * That work on a task had read deleted parts.
   *
   * @param task its name; empty if the site does not know it any more
   * @param digest its digest
   * @param request {@code train}: its result went into the model whose version is the round, if the
   *     coordinator took the reply; {@code evaluate} and {@code test}: that model was judged by
   *     them; {@code normalise}: the site's own scaling stands on them
   * @param firstRound first round
   * @param lastRound last round; in each of this site's phases between the two
   * @param parts how many of the deleted parts
   */
  record RowUse(
      String task, Digest digest, String request, int firstRound, int lastRound, int parts) {}
}
