// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.store;

import java.util.Set;

/** What a site keeps of its parts, as far as it can be deleted. Thread-safe. */
public interface DeletableData {
  /** The serials that a selection means, of parts and labels that are here. */
  Set<String> select(DataSelection selection);

  /** How much {@link #delete} would delete. */
  Deleted count(Set<String> serials);

  /**
   * Deletes all that belongs to serials: parts, labels, roles, and kept samples from the parts'
   * time. When it returns, none of it is in a file; killed in the middle, the next start ends it.
   * Labels of these serials are not taken any more, nor are parts of these names that began before
   * the newest part that was stored; a later part may use the name again.
   *
   * @return what was deleted
   * @throws java.io.UncheckedIOException if a file could not be written; nobody sees the data any
   *     more, and the next start takes them out of the files
   */
  Deleted delete(Set<String> serials);

  /** Deletions since the store was made, also one that a kill interrupted. */
  long deletions();

  /** True if a serial was deleted and no later part has its name. */
  boolean isDeleted(String serial);

  /**
   * How much was deleted.
   *
   * @param parts closed parts
   * @param labels revisions of labels
   */
  record Deleted(int parts, int labels) {}
}
