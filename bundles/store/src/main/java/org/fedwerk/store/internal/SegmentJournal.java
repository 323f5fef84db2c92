// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.store.internal;

import java.io.IOException;
import java.io.SyncFailedException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.fedwerk.api.store.Journal;
import org.jspecify.annotations.Nullable;

/**
 * A journal in files of bounded size. Thread-safe: one lock guards the end of the journal; readers
 * open their own handles.
 */
final class SegmentJournal implements Journal {
  /** Where a record lies: file by its first sequence, offset therein. */
  record Location(long sequence, long segment, long offset) {}

  /** Sees records and where they lie. */
  @FunctionalInterface
  interface LocatedVisitor {
    void record(Location at, byte[] body);
  }

  private record Segment(long first, long size) {}

  private final Path folder;
  private final long segmentBytes;
  private final Runnable onClose;
  private final Lock writing;
  private final Object lock = new Object();

  /** Finished files, oldest first; the current one is not among them. */
  private final List<Segment> finished = new ArrayList<>();

  private OpenSegment current;
  private boolean closed;
  private @Nullable String broken;
  private volatile boolean unforced;

  SegmentJournal(Path folder, long segmentBytes, Runnable onClose) {
    this(folder, segmentBytes, onClose, new ReentrantLock());
  }

  /** Writes only while it holds a lock, which others take to keep everybody from writing. */
  SegmentJournal(Path folder, long segmentBytes, Runnable onClose, Lock writing) {
    this.writing = writing;
    this.folder = folder;
    this.segmentBytes = segmentBytes;
    this.onClose = onClose;
    try {
      Files.createDirectories(folder);
      List<Path> files;
      try (Stream<Path> all = Files.list(folder)) {
        files = all.filter(SegmentFile::isSegment).sorted().toList();
      }
      deleteLeftOvers();
      for (int i = 0; i + 1 < files.size(); i++) {
        finished.add(new Segment(SegmentFile.firstOf(files.get(i)), Files.size(files.get(i))));
      }
      current =
          files.isEmpty()
              ? OpenSegment.create(folder, 1)
              : OpenSegment.reopen(folder, files.get(files.size() - 1));
      unforced = current.isCreated();
    } catch (IOException e) {
      throw StateFiles.failed("opening the journal", folder, e);
    }
  }

  @Override
  public long append(byte[] record) {
    return appendAt(record).sequence();
  }

  /** Appends and tells where the record lies. */
  Location appendAt(byte[] record) {
    writing.lock();
    try {
      return write(record);
    } finally {
      writing.unlock();
    }
  }

  private Location write(byte[] record) {
    if (record.length > SegmentFile.MAX_RECORD) {
      throw new IllegalArgumentException(
          "a record of " + record.length + " bytes is too long for a journal; keep it as a blob");
    }
    synchronized (lock) {
      requireUsable();
      int size = SegmentFile.FRAME + record.length;
      try {
        if (current.end() + size > segmentBytes && !current.isEmpty()) {
          roll();
        }
        Location at = new Location(current.next(), current.first(), current.end());
        current.append(record);
        unforced = true;
        return at;
      } catch (IOException e) {
        takeBack();
        throw StateFiles.failed("appending to", SegmentFile.path(folder, current.first()), e);
      }
    }
  }

  @Override
  public void force() {
    OpenSegment file;
    synchronized (lock) {
      requireUsable();
      unforced = false;
      file = current;
    }
    try {
      // outside the lock, so that appending goes on meanwhile
      file.force();
      StateFiles.forceNames(folder);
    } catch (SyncFailedException e) {
      synchronized (lock) {
        // a file closed by rolling over was forced before that
        if (file == current && !closed) {
          unforced = true;
          throw StateFiles.failed("forcing", folder, e);
        }
      }
    } catch (IOException e) {
      unforced = true;
      throw StateFiles.failed("forcing", folder, e);
    }
  }

  /** Forces what was appended since the last time, if anything. */
  void forceIfNeeded() {
    synchronized (lock) {
      if (closed || !unforced) {
        return;
      }
    }
    force();
  }

  @Override
  public void replay(long from, Visitor visitor) {
    replayAt(from, (at, body) -> visitor.record(at.sequence(), body));
  }

  /** Reads records with their places. */
  void replayAt(long from, LocatedVisitor visitor) {
    List<Segment> segments;
    long end;
    synchronized (lock) {
      segments = new ArrayList<>(finished);
      segments.add(new Segment(current.first(), current.end()));
      end = current.next();
    }
    for (int i = 0; i < segments.size(); i++) {
      Segment segment = segments.get(i);
      long following = i + 1 < segments.size() ? segments.get(i + 1).first() : end;
      if (following > from && following > segment.first()) {
        replay(segment, following, from, visitor);
      }
    }
  }

  private void replay(Segment segment, long following, long from, LocatedVisitor visitor) {
    Path file = SegmentFile.path(folder, segment.first());
    SegmentFile.Scan scan;
    try {
      scan =
          SegmentFile.scan(
              file,
              segment.size(),
              (sequence, offset, body) -> {
                if (sequence >= from) {
                  visitor.record(new Location(sequence, segment.first(), offset), body);
                }
              });
    } catch (IOException e) {
      if (first() > segment.first()) {
        return; // dropped while it was read
      }
      throw StateFiles.failed("reading", file, e);
    }
    if (scan.next() != following) {
      throw StateFiles.damaged(
          file, scan.end(), "records " + scan.next() + " to " + (following - 1) + " are not whole");
    }
  }

  /** The record at a place; throws if its file was dropped. */
  byte[] read(Location at) throws IOException {
    return SegmentFile.read(SegmentFile.path(folder, at.segment()), at.offset(), at.sequence());
  }

  @Override
  public long last() {
    synchronized (lock) {
      return current.next() - 1;
    }
  }

  @Override
  public long first() {
    synchronized (lock) {
      return finished.isEmpty() ? current.first() : finished.get(0).first();
    }
  }

  /** First sequence of the second oldest file; 0 if there is one file only. */
  long secondSegment() {
    synchronized (lock) {
      if (finished.isEmpty()) {
        return 0;
      }
      return finished.size() > 1 ? finished.get(1).first() : current.first();
    }
  }

  /** Where its files are. */
  Path folder() {
    return folder;
  }

  @Override
  public long bytes() {
    synchronized (lock) {
      return current.end() + finished.stream().mapToLong(Segment::size).sum();
    }
  }

  @Override
  public void dropBefore(long sequence) {
    writing.lock();
    try {
      drop(sequence);
    } finally {
      writing.unlock();
    }
  }

  private void drop(long sequence) {
    synchronized (lock) {
      requireUsable();
      while (!finished.isEmpty() && secondSegment() <= sequence) {
        Path file = SegmentFile.path(folder, finished.get(0).first());
        try {
          Files.deleteIfExists(file);
        } catch (IOException e) {
          throw StateFiles.failed("removing", file, e);
        }
        finished.remove(0);
      }
    }
  }

  @Override
  public void redact(Redaction redaction) {
    writing.lock();
    try {
      rewrite(redaction);
    } finally {
      writing.unlock();
    }
  }

  private void rewrite(Redaction redaction) {
    List<Segment> segments;
    synchronized (lock) {
      requireUsable();
      try {
        if (!current.isEmpty()) {
          roll(); // only finished files are written anew
        }
      } catch (IOException e) {
        throw StateFiles.failed("beginning a file in", folder, e);
      }
      segments = new ArrayList<>(finished);
    }
    for (Segment segment : segments) {
      redact(segment, redaction);
    }
    try {
      StateFiles.forceNames(folder);
    } catch (IOException e) {
      throw StateFiles.failed("forcing", folder, e);
    }
  }

  private void redact(Segment segment, Redaction redaction) {
    synchronized (lock) {
      requireUsable();
      if (!finished.contains(segment)) {
        return; // dropped meanwhile
      }
      Path file = SegmentFile.path(folder, segment.first());
      try {
        SegmentFile.redact(file, segment.size(), redaction);
      } catch (IOException e) {
        throw StateFiles.failed("taking content out of", file, e);
      }
    }
  }

  private void deleteLeftOvers() throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      for (Path left : all.filter(SegmentFile::isLeftOver).toList()) {
        Files.delete(left);
      }
    }
  }

  @Override
  public void close() {
    synchronized (lock) {
      if (closed) {
        return;
      }
      closed = true;
      try (OpenSegment last = current) {
        if (unforced) {
          last.force();
        }
      } catch (IOException e) {
        throw StateFiles.failed("closing", folder, e);
      } finally {
        onClose.run();
      }
    }
  }

  private void roll() throws IOException {
    // only the newest file may have a torn end, so the older one is forced first
    OpenSegment old = current;
    old.force();
    current = OpenSegment.create(folder, old.next());
    unforced = true;
    finished.add(new Segment(old.first(), old.end()));
    old.close();
  }

  private void takeBack() {
    try {
      current.takeBack();
    } catch (IOException e) {
      broken =
          folder + " could not be mended after a failed write: " + e.getMessage() + "; restart";
    }
  }

  private void requireUsable() {
    if (closed) {
      throw new IllegalStateException("the journal " + folder + " is closed");
    }
    if (broken != null) {
      throw new UncheckedIOException(broken, new IOException(broken));
    }
  }
}
