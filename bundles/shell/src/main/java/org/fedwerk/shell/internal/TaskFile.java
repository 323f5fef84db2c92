// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.shell.internal;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.apache.karaf.shell.support.CommandException;

/** The file of a task document. */
final class TaskFile {
  private TaskFile() {}

  /** True if a word names a file: the name of a task has neither dots nor slashes. */
  static boolean isNamedBy(String word) {
    return word.contains(".") || word.contains("/") || word.contains("\\");
  }

  /**
   * Its text.
   *
   * @throws CommandException if it cannot be read, with what to do
   */
  static String read(String file) throws CommandException {
    try {
      return Files.readString(Path.of(file));
    } catch (NoSuchFileException | InvalidPathException missing) {
      throw Refused.absent("there is no file " + Listing.plain(file));
    } catch (CharacterCodingException foreign) {
      throw Refused.absent("the file " + file + " is not text in UTF-8");
    } catch (IOException unreadable) {
      throw Refused.absent(
          "the file " + file + " cannot be read (" + unreadable.getMessage() + ")");
    }
  }
}
