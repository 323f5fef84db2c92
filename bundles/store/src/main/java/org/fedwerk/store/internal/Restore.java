// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.store.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.store.Backups;

/**
 * Puts a backup in the place of a store that is closed. It is unpacked and checked beside; from the
 * file {@code ready} on it is carried through, also by the next start after a kill.
 */
final class Restore {
  private static final String BESIDE = "restoring";
  private static final String READY = "ready";
  private static final List<String> REPLACED =
      List.of("journals", "parts", "blobs", EpochFile.NAME);

  private Restore() {}

  /** Unpacks and checks; nothing of the store is touched. */
  static Backups.Summary prepare(Path folder, Path file, long leastEpoch)
      throws IOException, RefusedException {
    Path beside = folder.resolve(BESIDE);
    delete(beside);
    Files.createDirectories(beside);
    boolean whole = false;
    try {
      Archive.Content content = Archive.unpack(file, beside);
      long epoch = Math.max(EpochFile.read(folder).epoch(), EpochFile.read(beside).epoch()) + 1;
      epoch = Math.max(epoch, leastEpoch);
      new EpochFile(epoch, true).write(beside);
      whole = true;
      return new Backups.Summary(file, content.files(), content.bytes(), epoch);
    } finally {
      if (!whole) {
        delete(beside);
      }
    }
  }

  /** From now on it is carried through. */
  static void decide(Path folder) throws IOException {
    int next = 1;
    while (Files.exists(folder.resolve(aside(next)))) {
      next++;
    }
    Path beside = folder.resolve(BESIDE);
    Path anew = beside.resolve(READY + ".anew");
    Files.writeString(anew, aside(next));
    Files.move(anew, beside.resolve(READY), StandardCopyOption.ATOMIC_MOVE);
    StateFiles.forceNames(beside);
  }

  private static String aside(int number) {
    return "before-restore-" + number;
  }

  /** Carries a decided restore through; nothing happens where there is none. */
  static void finish(Path folder) throws IOException {
    Path beside = folder.resolve(BESIDE);
    if (!Files.exists(beside.resolve(READY))) {
      return;
    }
    Path aside = folder.resolve(Files.readString(beside.resolve(READY)));
    Files.createDirectories(aside);
    for (String each : REPLACED) {
      if (Files.exists(beside.resolve(each))) {
        if (Files.exists(folder.resolve(each))) {
          Files.move(folder.resolve(each), aside.resolve(each));
        }
        Files.move(beside.resolve(each), folder.resolve(each));
      }
    }
    StateFiles.forceNames(folder);
    delete(beside);
  }

  /** True if a store has any record or blob. */
  static boolean isUsed(Path folder) throws IOException {
    for (String area : List.of("journals", "parts", "blobs")) {
      if (Files.isDirectory(folder.resolve(area))) {
        try (Stream<Path> files = Files.walk(folder.resolve(area))) {
          for (Path file : files.filter(Files::isRegularFile).toList()) {
            if (Files.size(file) > SegmentFile.HEADER) {
              return true;
            }
          }
        }
      }
    }
    return false;
  }

  private static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> all = Files.walk(folder)) {
        for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(each);
        }
      }
    }
  }
}
