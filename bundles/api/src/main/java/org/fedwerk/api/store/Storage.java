// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.store;

/**
 * Journals and blobs of one process, in files or in a database; {@link #KIND} of the service says
 * which. While the service is there, its process is the only one that writes.
 */
public interface Storage {
  /** Service property: {@link #FILES} or {@link #POSTGRESQL}. */
  String KIND = "fedwerk.storage";

  /** The kind of a storage in files of this process alone. */
  String FILES = "files";

  /** The kind of a storage in a database that several processes take turns with. */
  String POSTGRESQL = "postgresql";

  /**
   * Opens a journal by name; the same name gives the same journal while it is open.
   *
   * @param name lower case letters, digits, dashes, dots and slashes
   */
  Journal journal(String name);

  /** The blobs of this process. */
  Blobs blobs();

  /**
   * The least epoch with which the owner of this state may speak, from 1. It never falls; it rises
   * whenever another process takes the state over, and when it was restored from a backup, so that
   * whoever heard of a later past refuses the earlier one. The same while this storage is open.
   */
  default long epoch() {
    return 1;
  }

  /**
   * True if the state was restored from a backup and {@link #settled} was not called since: others
   * may know of a later past.
   */
  default boolean isRestored() {
    return false;
  }

  /** The owner has asked the others, and goes on. */
  default void settled() {}
}
