// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.signal.folder.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Times for images in the order in which they are read: now, but always after the one before, also
 * when the clock was set back while this process was away. What comes before a part that is closed
 * would belong to none. One thread.
 */
final class SourceTimes {
  static final String FILE = ".fedwerk-newest";

  private static final Logger LOG = LoggerFactory.getLogger(SourceTimes.class);
  private static final long APART_NANOS = 1000;

  private final Path file;
  private final Clock clock;
  private Instant newest;

  SourceTimes(Path folder, Clock clock) {
    this.file = folder.resolve(FILE);
    this.clock = clock;
    this.newest = read(file);
  }

  /** The next time, which is on disk when this returns; a microsecond after it nothing is used. */
  Instant next() throws IOException {
    Instant now = clock.instant();
    Instant least = newest.plusNanos(2 * APART_NANOS);
    Instant next = now.isAfter(least) ? now : least;
    Path anew = file.resolveSibling(FILE + ".anew");
    Files.writeString(anew, next.toString(), StandardCharsets.US_ASCII);
    Files.move(anew, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    newest = next;
    return next;
  }

  /** When the part of an image ends that has this time. */
  static Instant end(Instant time) {
    return time.plusNanos(APART_NANOS);
  }

  private static Instant read(Path file) {
    try {
      return Files.exists(file)
          ? Instant.parse(Files.readString(file, StandardCharsets.US_ASCII).strip())
          : Instant.EPOCH;
    } catch (IOException | DateTimeParseException unreadable) {
      LOG.warn("{} cannot be read ({}); times begin with the clock's", file, unreadable.toString());
      return Instant.EPOCH;
    }
  }
}
