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
}
