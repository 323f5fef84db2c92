// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.store.internal;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.CRC32C;
import org.fedwerk.api.store.Journal;
import org.jspecify.annotations.Nullable;

/**
 * The format of one file of a journal, big-endian: magic (8 bytes), format version (4), reserved
 * (4), sequence of the first record (8); then records of length (4), CRC32C over sequence and body
 * (4), sequence (8), body.
 */
final class SegmentFile {
  static final int HEADER = 24;
  static final int FRAME = 16;
  static final int MAX_RECORD = 256 << 20;
  private static final int VERSION = 1;
  private static final long MAGIC = 0x46574A4F55524E4CL; // "FWJOURNL"
  private static final String SUFFIX = ".seg";
  private static final String ANEW = ".anew";

  private SegmentFile() {}

  /** Sees records and where they lie. */
  @FunctionalInterface
  interface Visitor {
    void record(long sequence, long offset, byte[] body);
  }

  /**
   * How far a file could be read.
   *
   * @param next sequence after the last good record
   * @param end offset after the last good record
   * @param problem why reading stopped before the end of the file; null if it did not
   */
  record Scan(long next, long end, @Nullable String problem) {}

  static Path path(Path folder, long first) {
    return folder.resolve(String.format(Locale.ROOT, "%020d%s", first, SUFFIX));
  }

  static boolean isSegment(Path file) {
    return file.getFileName().toString().matches("\\d{20}\\" + SUFFIX);
  }

  /** The name carries the first sequence too, so that a torn header can be written again. */
  static long firstOf(Path file) {
    return Long.parseLong(file.getFileName().toString().substring(0, 20));
  }

  static byte[] header(long first) {
    return ByteBuffer.allocate(HEADER)
        .putLong(MAGIC)
        .putInt(VERSION)
        .putInt(0)
        .putLong(first)
        .array();
  }

  /** Writes the frame of a record into a buffer that has room for it. */
  static void frame(byte[] target, long sequence, byte[] body) {
    ByteBuffer frame = ByteBuffer.wrap(target);
    frame.putInt(body.length).putInt(0).putLong(sequence).put(body);
    frame.putInt(4, crc(target, 8, 8 + body.length));
  }

  /**
   * Reads records in order until the limit or the first one that is not whole.
   *
   * @param limit offset at which reading stops
   */
  static Scan scan(Path file, long limit, Visitor visitor) throws IOException {
    long first = firstOf(file);
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16))) {
      checkHeader(file, first, in.readNBytes(HEADER));
      long next = first;
      long offset = HEADER;
      while (offset < limit) {
        byte[] record = readRecord(in, next, limit - offset);
        if (record == null) {
          return new Scan(next, offset, "no whole record " + next);
        }
        visitor.record(next, offset, body(record));
        next++;
        offset += record.length - 8 + FRAME;
      }
      return new Scan(next, offset, null);
    }
  }

  /** Reads the one record at an offset. */
  static byte[] read(Path file, long offset, long sequence) throws IOException {
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      in.seek(offset);
      int length = in.readInt();
      int crc = in.readInt();
      if (length < 0 || length > in.length() - offset - FRAME) {
        throw StateFiles.damaged(file, offset, "record " + sequence + " has no sane length");
      }
      byte[] record = new byte[8 + length];
      in.readFully(record);
      if (crc(record, 0, record.length) != crc || ByteBuffer.wrap(record).getLong() != sequence) {
        throw StateFiles.damaged(file, offset, "record " + sequence + " fails its checksum");
      }
      return body(record);
    }
  }

  /** True if a whole record follows somewhere after an offset: then the place is not a torn end. */
  static boolean wholeRecordAfter(Path file, long offset, long sequence) throws IOException {
    byte[] rest;
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      rest = new byte[Math.toIntExact(in.length() - offset)];
      in.seek(offset);
      in.readFully(rest);
    }
    ByteBuffer bytes = ByteBuffer.wrap(rest);
    for (int at = 1; at + FRAME <= rest.length; at++) {
      int length = bytes.getInt(at);
      long found = bytes.getLong(at + 8);
      if (length >= 0
          && length <= rest.length - at - FRAME
          && found > sequence
          && found - sequence <= rest.length / FRAME + 1
          && crc(rest, at + 8, 8 + length) == bytes.getInt(at + 4)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Writes a file anew with other bodies of the same sizes, and puts it in the place of the old one
   * once it is on the device.
   *
   * @return false if nothing was to be changed
   */
  static boolean redact(Path file, long size, Journal.Redaction redaction) throws IOException {
    byte[] bytes = new byte[Math.toIntExact(size)];
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      in.readFully(bytes);
    }
    boolean[] changed = new boolean[1];
    Scan scan =
        scan(
            file,
            size,
            (sequence, offset, body) -> {
              byte[] rest = redaction.of(sequence, body);
              if (rest != null) {
                changed[0] = true;
                byte[] record = new byte[FRAME + body.length];
                frame(record, sequence, padded(rest, body.length));
                System.arraycopy(record, 0, bytes, (int) offset, record.length);
              }
            });
    if (scan.problem() != null) {
      throw StateFiles.damaged(file, scan.end(), scan.problem());
    }
    if (!changed[0]) {
      return false;
    }
    Path anew = file.resolveSibling(file.getFileName() + ANEW);
    try (RandomAccessFile out = new RandomAccessFile(anew.toFile(), "rw")) {
      out.setLength(0);
      out.write(bytes);
      out.getFD().sync();
    }
    Files.move(anew, file, StandardCopyOption.ATOMIC_MOVE);
    return true;
  }

  /** True for what a kill left of {@link #redact}: it never counted. */
  static boolean isLeftOver(Path file) {
    return file.getFileName().toString().endsWith(SUFFIX + ANEW);
  }

  private static byte[] padded(byte[] rest, int length) {
    if (rest.length > length) {
      throw new IllegalArgumentException(
          "what stays of a record has " + rest.length + " bytes, the record had " + length);
    }
    return Arrays.copyOf(rest, length);
  }

  private static void checkHeader(Path file, long first, byte[] header) {
    if (header.length < HEADER) {
      throw StateFiles.damaged(file, header.length, "the header is cut off");
    }
    ByteBuffer fields = ByteBuffer.wrap(header);
    if (fields.getLong() != MAGIC) {
      throw StateFiles.damaged(file, 0, "this is no journal file of Fedwerk");
    }
    int version = fields.getInt();
    if (version > VERSION) {
      throw StateFiles.newer(file, version, VERSION);
    }
    fields.getInt();
    if (fields.getLong() != first) {
      throw StateFiles.damaged(file, 16, "the file's name does not fit its first sequence");
    }
  }

  private static byte @Nullable [] readRecord(DataInputStream in, long sequence, long available)
      throws IOException {
    try {
      if (available < FRAME) {
        return null;
      }
      int length = in.readInt();
      int crc = in.readInt();
      if (length < 0 || length > available - FRAME) {
        return null;
      }
      byte[] record = new byte[8 + length];
      in.readFully(record);
      boolean whole =
          crc(record, 0, record.length) == crc && ByteBuffer.wrap(record).getLong() == sequence;
      return whole ? record : null;
    } catch (EOFException cutOff) {
      return null;
    }
  }

  private static byte[] body(byte[] record) {
    byte[] body = new byte[record.length - 8];
    System.arraycopy(record, 8, body, 0, body.length);
    return body;
  }

  private static int crc(byte[] bytes, int from, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, from, length);
    return (int) crc.getValue();
  }
}
