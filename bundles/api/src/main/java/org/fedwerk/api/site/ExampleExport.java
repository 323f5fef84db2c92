// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.site;

import java.nio.file.Path;
import org.fedwerk.api.RefusedException;

/**
 * Writes what a task's model learns from into a file of this machine, for the site's own people.
 * Nothing of it goes through the link. Implemented by the site room. Any thread may call.
 */
public interface ExampleExport {
  /**
   * Writes all examples of a task that the site knows, whatever its owner decided: one line of CSV
   * (RFC 4180) per example, with serial, role, label, the label's revision and every value that a
   * model sees before normalisation, nothing where it is missing. That the parts were read is on
   * record, as a use named {@code export}, before the file has its name.
   *
   * @param task name, or at least 6 digits of the digest
   * @param file which does not exist yet; only its owner may read it
   * @param by who wants it, for the log
   * @throws RefusedException if none or several tasks match, if the task learns from images, if
   *     there is no example, or if the file is there already or cannot be written
   */
  Exported export(String task, Path file, String by) throws RefusedException;

  /**
   * What was written.
   *
   * @param task the task's name
   * @param file where
   * @param examples lines without the first
   * @param values per example
   */
  record Exported(String task, Path file, int examples, int values) {}
}
