// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.signal.folder.internal;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The files of a folder that may be images, and since when each has not changed. One thread.
 *
 * <p>Nobody tells when a file is completely written. One that another look finds with the same size
 * and time is offered; whether it is whole, its content says.
 */
final class Candidates {
  private static final Pattern NAME =
      Pattern.compile("[^.].*\\.(png|jpg|jpeg)", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  /**
   * A file as it was seen.
   *
   * @param since by the monotonic clock, nanoseconds
   */
  record Seen(Path file, long size, FileTime modified, long since) {
    boolean isSame(Seen other) {
      return size == other.size && modified.equals(other.modified);
    }
  }

  private final Path folder;
  private final int most;
  private Map<Path, Seen> before = Map.of();

  /**
   * Nothing is seen yet.
   *
   * @param most files to be looked at; of more, the rest waits for later looks
   */
  Candidates(Path folder, int most) {
    this.folder = folder;
    this.most = most;
  }

  /** Files of the last look. */
  int size() {
    return before.size();
  }

  /** Those that have not changed since the last look, by age, then by name. */
  List<Seen> unchanged(long now) throws IOException {
    Map<Path, Seen> found = new HashMap<>();
    List<Seen> unchanged = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, Candidates::isImage)) {
      for (Path file : files) {
        if (found.size() >= most) {
          break;
        }
        look(file, now, found, unchanged);
      }
    } catch (DirectoryIteratorException broken) {
      throw broken.getCause();
    }
    before = found;
    unchanged.sort(Comparator.comparing(Seen::modified).thenComparing(Seen::file));
    return unchanged;
  }

  private static boolean isImage(Path file) {
    return NAME.matcher(file.getFileName().toString()).matches();
  }

  private void look(Path file, long now, Map<Path, Seen> found, List<Seen> unchanged)
      throws IOException {
    BasicFileAttributes attributes;
    try {
      attributes = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException gone) {
      return;
    }
    if (!attributes.isRegularFile()) {
      return;
    }
    Seen seen = new Seen(file, attributes.size(), attributes.lastModifiedTime(), now);
    Seen last = before.get(file);
    boolean isSame = last != null && last.isSame(seen);
    found.put(file, isSame ? last : seen);
    if (isSame) {
      unchanged.add(last);
    }
  }
}
