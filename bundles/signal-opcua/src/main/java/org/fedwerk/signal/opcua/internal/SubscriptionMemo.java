// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.signal.opcua.internal;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file {@code subscription}: lets the next process take up the subscription of one that was
 * killed. Losing it costs values, never correctness, so it is not forced to the device. Its first
 * line is the version of its form; the first program wrote none. For one thread.
 */
final class SubscriptionMemo {
  private static final Logger LOG = LoggerFactory.getLogger(SubscriptionMemo.class);
  private static final int DIGITS = 10;
  private static final int VERSION = 2;
  private static final String TITLE = "fedwerk-subscription-";
  private static final String FIRST_LINE = TITLE + VERSION + "\n";

  private final Path file;
  private boolean isWritten;

  SubscriptionMemo(Path folder) {
    this.file = folder.resolve("subscription");
  }

  /**
   * What an earlier process left; that of an older program is brought into today's form.
   *
   * @throws ConnectionProblem if a newer program wrote it
   */
  Optional<ResumePoint> read() throws ConnectionProblem {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      List<String> lines = Files.readAllLines(file);
      boolean isTitled = lines.get(0).startsWith(TITLE);
      if (isTitled) {
        requireKnown(Integer.parseInt(lines.get(0).substring(TITLE.length())));
      }
      ResumePoint point = point(isTitled ? lines.subList(1, lines.size()) : lines);
      if (!isTitled) {
        write(point);
      }
      isWritten = true;
      return Optional.of(point);
    } catch (IOException | NumberFormatException | IndexOutOfBoundsException unreadable) {
      LOG.info("{} cannot be read; a new subscription is made", file);
      return Optional.empty();
    }
  }

  private void requireKnown(int version) throws ConnectionProblem {
    if (version > VERSION) {
      throw ConnectionProblem.of(
          file
              + " is of version "
              + version
              + ", written by a newer program; this one reads up to "
              + VERSION
              + ". Start the newer one; or remove the file, which gives up what the server holds for"
              + " this source, and restart the bundle");
    }
  }

  private static ResumePoint point(List<String> lines) {
    return new ResumePoint(
        Long.parseLong(lines.get(1)), lines.get(2), lines.get(3), Long.parseLong(lines.get(0)));
  }

  void write(ResumePoint point) {
    try {
      Files.writeString(
          file,
          FIRST_LINE
              + String.join(
                  "\n",
                  digits(point.stored()),
                  String.valueOf(point.subscription()),
                  point.serverStart(),
                  point.settings(),
                  ""));
      isWritten = true;
    } catch (IOException failed) {
      throw new UncheckedIOException(file + " cannot be written", failed);
    }
  }

  /** True if the file is there and may be brought up to date. */
  boolean isWritten() {
    return isWritten;
  }

  /** Notes a newer sequence number in place: one write of ten bytes. */
  void stored(long sequence) {
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
      open.seek(FIRST_LINE.length());
      open.write(digits(sequence).getBytes(StandardCharsets.US_ASCII));
    } catch (IOException failed) {
      throw new UncheckedIOException(file + " cannot be written", failed);
    }
  }

  void forget() {
    try {
      Files.deleteIfExists(file);
      isWritten = false;
    } catch (IOException failed) {
      throw new UncheckedIOException(file + " cannot be removed", failed);
    }
  }

  private static String digits(long sequence) {
    return String.format("%0" + DIGITS + "d", sequence);
  }
}
