// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.task;

import org.fedwerk.api.RefusedException;

/** Reads task documents. Implemented by the task room; a pure function. */
public interface TaskReader {
  /**
   * Parses and validates.
   *
   * @param yaml the document
   * @throws RefusedException with every refusal found, each with line and key
   */
  TaskDocument read(String yaml) throws RefusedException;

  /**
   * The line of a key, for what is refused after reading; of the innermost group that is there if
   * the key is not.
   *
   * @param yaml a document that was read
   * @param key with its groups, dots between
   * @return counted from 1; 0 if the reader does not know
   */
  default int line(String yaml, String key) {
    return 0;
  }
}
