// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.store;

/** State on disk under one folder. Implemented by the store room. */
public interface Storage {
  /**
   * Opens a journal by name; the same name gives the same journal while it is open.
   *
   * @param name lower case letters, digits, dashes, dots and slashes
   */
  Journal journal(String name);

  /** The blobs of this process. */
  Blobs blobs();
}
