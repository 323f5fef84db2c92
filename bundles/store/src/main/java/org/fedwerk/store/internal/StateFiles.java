// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.store.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** What all state files have in common: how a problem with one is told, and how names last. */
final class StateFiles {
  private StateFiles() {}

  /** A failed read or write, with what the operator can do. */
  static UncheckedIOException failed(String what, Path file, IOException cause) {
    return new UncheckedIOException(
        what
            + " "
            + file
            + " failed: "
            + cause.getMessage()
            + "; check free space, rights and the device",
        cause);
  }

  /** A state file whose content cannot be right. */
  static UncheckedIOException damaged(Path file, long offset, String what) {
    String message =
        file
            + " is damaged at offset "
            + offset
            + ": "
            + what
            + "; while the store is not open, or the process stopped, bring the folder back from a backup, or move this file and"
            + " the later ones of its folder away to go on without their records";
    return new UncheckedIOException(message, new IOException(message));
  }

  /** A state file of a later release. */
  static UncheckedIOException newer(Path file, int found, int known) {
    String message =
        file
            + " has format version "
            + found
            + ", this release reads up to "
            + known
            + "; start the newer release again, or give this one an empty folder";
    return new UncheckedIOException(message, new IOException(message));
  }

  /**
   * Makes names in a folder last over a loss of power. Not every file system can; then it cannot.
   */
  static void forceNames(Path folder) throws IOException {
    if (Files.getFileStore(folder).supportsFileAttributeView("posix")) {
      try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
        names.force(true);
      }
    }
  }
}
