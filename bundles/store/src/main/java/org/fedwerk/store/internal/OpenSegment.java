// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.store.internal;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file of a journal that is appended to. RandomAccessFile instead of a channel, because a
 * channel is closed for everybody when one appending thread is interrupted. Not thread-safe, but
 * {@link #force} may be called meanwhile.
 */
final class OpenSegment implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OpenSegment.class);
  private static final int SCRATCH = 1 << 20;

  private final RandomAccessFile out;
  private final boolean created;
  private final long first;
  private byte[] scratch = new byte[1 << 12];
  private long end;
  private long next;

  private OpenSegment(RandomAccessFile out, boolean created, long first, long end, long next) {
    this.out = out;
    this.created = created;
    this.first = first;
    this.end = end;
    this.next = next;
  }

  /** Begins a file, whose first record will have a sequence. */
  static OpenSegment create(Path folder, long first) throws IOException {
    RandomAccessFile file = new RandomAccessFile(SegmentFile.path(folder, first).toFile(), "rw");
    file.setLength(0);
    file.write(SegmentFile.header(first));
    return new OpenSegment(file, true, first, SegmentFile.HEADER, first);
  }

  /** Opens the newest file of a journal and drops the torn end of a record. */
  static OpenSegment reopen(Path folder, Path file) throws IOException {
    long size = Files.size(file);
    if (size < SegmentFile.HEADER) {
      return create(folder, SegmentFile.firstOf(file));
    }
    SegmentFile.Scan scan = SegmentFile.scan(file, size, (sequence, offset, body) -> {});
    if (scan.problem() != null && SegmentFile.wholeRecordAfter(file, scan.end(), scan.next())) {
      throw StateFiles.damaged(file, scan.end(), scan.problem() + ", but whole ones after it");
    }
    RandomAccessFile opened = new RandomAccessFile(file.toFile(), "rw");
    if (scan.end() < size) {
      LOG.info(
          "Dropped {} bytes of a record that was being written when the process ended: {} at {}",
          size - scan.end(),
          file,
          scan.end());
      opened.setLength(scan.end());
    }
    opened.seek(scan.end());
    return new OpenSegment(opened, false, SegmentFile.firstOf(file), scan.end(), scan.next());
  }

  /** True if it was begun just now, so that not even its name is on the device. */
  boolean isCreated() {
    return created;
  }

  /** Sequence of its first record. */
  long first() {
    return first;
  }

  /** Bytes of whole records, with the header. */
  long end() {
    return end;
  }

  /** Sequence of the next record. */
  long next() {
    return next;
  }

  boolean isEmpty() {
    return next == first;
  }

  /** Appends a record behind {@link #end}; {@link #takeBack} must follow a failure. */
  void append(byte[] record) throws IOException {
    int size = SegmentFile.FRAME + record.length;
    byte[] frame = size <= SCRATCH ? scratch(size) : new byte[size];
    SegmentFile.frame(frame, next, record);
    out.write(frame, 0, size);
    end += size;
    next++;
  }

  private byte[] scratch(int size) {
    if (scratch.length < size) {
      scratch = new byte[Math.min(SCRATCH, Math.max(size, scratch.length * 2))];
    }
    return scratch;
  }

  /** Drops what a failed write left. */
  void takeBack() throws IOException {
    out.setLength(end);
    out.seek(end);
  }

  /** Puts what was written on the device. */
  void force() throws IOException {
    out.getFD().sync();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
