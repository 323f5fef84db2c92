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
 * killed. Losing it costs values, never correctness, so it is not forced to the device. For one
 * thread.
 */
final class SubscriptionMemo {
  private static final Logger LOG = LoggerFactory.getLogger(SubscriptionMemo.class);
  private static final int DIGITS = 10;

  private final Path file;
  private boolean isWritten;

  SubscriptionMemo(Path folder) {
    this.file = folder.resolve("subscription");
  }

  Optional<ResumePoint> read() {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      List<String> lines = Files.readAllLines(file);
      ResumePoint point =
          new ResumePoint(
              Long.parseLong(lines.get(1)),
              lines.get(2),
              lines.get(3),
              Long.parseLong(lines.get(0)));
      isWritten = true;
      return Optional.of(point);
    } catch (IOException | NumberFormatException | IndexOutOfBoundsException unreadable) {
      LOG.info("{} cannot be read; a new subscription is made", file);
      return Optional.empty();
    }
  }

  void write(ResumePoint point) {
    try {
      Files.writeString(
          file,
          String.join(
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
