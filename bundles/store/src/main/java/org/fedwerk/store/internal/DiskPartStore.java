// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.store.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.fedwerk.api.data.DataRole;
import org.fedwerk.api.data.Label;
import org.fedwerk.api.data.Part;
import org.fedwerk.api.data.PartData;
import org.fedwerk.api.signal.LabelReport;
import org.fedwerk.api.signal.Sample;
import org.fedwerk.api.store.DataSelection;
import org.fedwerk.api.store.PartStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Samples, parts and labels in three journals. Of closed parts only names, times and places are in
 * memory. A part's ordinal is the sequence of its record less one, so the order survives eviction.
 */
public final class DiskPartStore implements PartStore, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DiskPartStore.class);
  private static final int SAMPLES = 1;
  private static final int RELEASE = 2;

  private final Path folder;
  private final long maxBytes;
  private final Duration maxAge;
  private final SegmentJournal samples;
  private final SegmentJournal closed;
  private final LabelLog labels;
  private final SegmentJournal labelJournal;
  private final SegmentJournal tombstoneJournal;
  private final Tombstones tombstones;
  private final Object deleting = new Object();
  private final AtomicLong released = new AtomicLong();

  /** Guards the index. */
  private final Object lock = new Object();

  private final PartIndex index;

  /** Those that no reader sees the data of any more. */
  private volatile long deletions;

  /** The parts of a store, which stays open for as long as this is used. */
  public DiskPartStore(DiskStorage storage) {
    StoreSettings settings = storage.settings();
    folder = settings.folder();
    maxBytes = settings.partsMaxBytes();
    maxAge = settings.partsMaxAge();
    samples = storage.partsJournal("samples", settings.segmentBytes());
    closed = storage.partsJournal("closed", closedSegment(settings));
    index = new PartIndex(closed.first() - 1);
    labelJournal = storage.partsJournal("labels", settings.segmentBytes());
    tombstoneJournal = storage.partsJournal("deleted", settings.segmentBytes());
    tombstones = new Tombstones(tombstoneJournal);
    labels = new LabelLog(labelJournal, this::isDeleted);
    samples.replay(1, (sequence, body) -> readRelease(body));
    closed.replayAt(1, (at, body) -> index.add(PartCodec.header(at.sequence() - 1, body), at));
    deletions = tombstones.deletions();
    if (tombstones.isOpen()) {
      LOG.info("A deletion that was interrupted is ended now");
      scrub();
    }
  }

  /** Whole files are evicted, so a small bound needs small files. */
  private static long closedSegment(StoreSettings settings) {
    long most = settings.partsMaxBytes() == 0 ? Long.MAX_VALUE : settings.partsMaxBytes() / 8;
    return Math.min(settings.segmentBytes(), Math.max(4096, most));
  }

  @Override
  public long append(String source, List<Sample> batch) {
    RecordWriter out = new RecordWriter(256 + 20 * batch.size());
    SampleCodec.write(out.u8(SAMPLES), source, batch);
    return samples.append(out.toBytes());
  }

  @Override
  public void replay(SampleVisitor visitor) {
    samples.replay(
        Math.max(1, released.get()),
        (sequence, body) -> {
          RecordReader in = new RecordReader(body);
          if (in.u8() == SAMPLES) {
            SampleCodec.Batch batch = SampleCodec.read(in);
            visitor.samples(sequence, batch.source(), batch.samples());
          }
        });
  }

  @Override
  public void release(long sequence) {
    long before = released.getAndAccumulate(sequence, Math::max);
    if (sequence > before) {
      samples.append(new RecordWriter(16).u8(RELEASE).varint(sequence).toBytes());
      samples.dropBefore(sequence);
    }
  }

  @Override
  public boolean add(PartData part) {
    synchronized (lock) {
      if (isDeleted(part.part().serial(), part.part().begin())) {
        return false;
      }
      long ordinal = nextOrdinal();
      if (part.part().ordinal() != ordinal) {
        throw new IllegalArgumentException(
            "part "
                + part.part().serial()
                + " has ordinal "
                + part.part().ordinal()
                + ", the next one is "
                + ordinal);
      }
      index.add(part.part(), closed.appendAt(PartCodec.write(part)));
      try {
        evict();
      } catch (UncheckedIOException e) {
        // the part is kept all the same; the next one tries again
        LOG.warn("Old parts could not be removed: {}", e.getMessage());
      }
      return true;
    }
  }

  @Override
  public long nextOrdinal() {
    return closed.last();
  }

  @Override
  public Optional<PartData> part(String serial) {
    return index.newest(serial).flatMap(this::part);
  }

  @Override
  public Optional<PartData> part(long ordinal) {
    Optional<PartIndex.Place> place = place(ordinal);
    if (place.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(PartCodec.read(ordinal, closed.read(place.get().at())));
    } catch (IOException e) {
      if (place(ordinal).isEmpty()) {
        return Optional.empty(); // evicted meanwhile
      }
      throw StateFiles.failed("reading part " + ordinal + " in", folder, e);
    }
  }

  @Override
  public Optional<Part> header(long ordinal) {
    return place(ordinal).map(PartIndex.Place::part);
  }

  @Override
  public long firstOrdinal() {
    synchronized (lock) {
      return index.firstOrdinal();
    }
  }

  @Override
  public Optional<Label> label(LabelReport report) {
    return labels.label(report);
  }

  @Override
  public Optional<Label> newest(String serial, String label) {
    return labels.newest(serial, label);
  }

  @Override
  public List<Label> revisions(String serial, String label) {
    return labels.revisions(serial, label);
  }

  @Override
  public DataRole decide(String serial, DataRole role) {
    return labels.decide(serial, role);
  }

  @Override
  public Optional<DataRole> role(String serial) {
    return labels.role(serial);
  }

  @Override
  public long evicted() {
    return firstOrdinal(); // ordinals count from 0 and parts go in their order
  }

  @Override
  public Set<String> select(DataSelection selection) {
    Set<String> serials = new TreeSet<>();
    if (selection instanceof DataSelection.BySerial one) {
      if (isKept(one.serial()) || labels.knows(one.serial())) {
        serials.add(one.serial());
      }
    } else if (selection instanceof DataSelection.ByTime span) {
      synchronized (lock) {
        index
            .parts()
            .filter(part -> span.holds(part.begin()))
            .forEach(part -> serials.add(part.serial()));
      }
      labels.serials(label -> span.holds(label.time())).stream()
          .filter(serial -> !isKept(serial))
          .forEach(serials::add);
    } else if (selection instanceof DataSelection.ByLabelSource from) {
      serials.addAll(labels.serials(label -> label.source().equals(from.source())));
    }
    return serials;
  }

  @Override
  public Deleted count(Set<String> serials) {
    synchronized (lock) {
      return new Deleted((int) index.count(serials), labels.count(serials));
    }
  }

  @Override
  public Deleted delete(Set<String> serials) {
    synchronized (deleting) {
      if (tombstones.isOpen()) {
        // the times of its parts are in the files alone, where a start reads them
        String why = "an earlier deletion could not be ended; mend the device, then restart";
        throw new UncheckedIOException(why, new IOException(why));
      }
      Deleted deleted = count(serials);
      tombstones.begin(serials, closedThrough().orElse(Instant.MIN));
      scrub();
      return deleted;
    }
  }

  /** Takes out of memory and files what tombstones name; the parts, which tell the times, last. */
  private void scrub() {
    Spans spans = new Spans();
    Redactions redactions = new Redactions(tombstones, spans);
    synchronized (lock) {
      index.delete(redactions::isGone, spans);
    }
    deletions = tombstones.deletions();
    long needed = released.get();
    samples.redact((sequence, body) -> redactions.batch(sequence < needed, SAMPLES, body));
    labels.forget();
    closed.redact((sequence, body) -> redactions.carried(sequence - 1, body));
    closed.redact((sequence, body) -> redactions.part(sequence - 1, body));
    tombstones.end();
  }

  @Override
  public long deletions() {
    return deletions;
  }

  /** Asked under the lock of the labels, so it must not wait for the one here. */
  @Override
  public boolean isDeleted(String serial) {
    return !isKept(serial) && tombstones.has(serial);
  }

  @Override
  public boolean isDeleted(String serial, Instant begin) {
    return tombstones.hasPart(serial, begin);
  }

  @Override
  public Optional<Instant> closedThrough() {
    Optional<Instant> kept;
    synchronized (lock) {
      kept = index.newestEnd();
    }
    Optional<Instant> gone = tombstones.newest();
    return Stream.of(kept, gone).flatMap(Optional::stream).max(Instant::compareTo);
  }

  @Override
  public long bytes() {
    return samples.bytes() + closed.bytes() + labels.bytes() + tombstoneJournal.bytes();
  }

  /** Closes the journals. */
  @Override
  public void close() {
    samples.close();
    closed.close();
    labelJournal.close();
    tombstoneJournal.close();
  }

  private Optional<PartIndex.Place> place(long ordinal) {
    synchronized (lock) {
      return index.place(ordinal);
    }
  }

  private void readRelease(byte[] body) {
    RecordReader in = new RecordReader(body);
    if (in.u8() == RELEASE) {
      released.accumulateAndGet(in.varint(), Math::max);
    }
  }

  private boolean isKept(String serial) {
    return index.newest(serial).isPresent();
  }

  /** Removes whole files; the one with the newest part always stays. */
  private void evict() {
    long gone = 0;
    for (long second = closed.secondSegment();
        second != 0 && (tooMany() || tooOld(second));
        second = closed.secondSegment()) {
      int parts = index.dropBefore(second - 1);
      closed.dropBefore(second);
      gone += parts;
    }
    if (gone > 0) {
      Instant oldest =
          index.parts().findFirst().map(Part::begin).or(this::closedThrough).orElse(Instant.MIN);
      labels.forgetEvicted(this::isKept, oldest);
      LOG.info(
          "{} oldest parts removed to keep the bounds; {} kept, from {} on",
          gone,
          index.size(),
          oldest);
    }
  }

  private boolean tooMany() {
    return maxBytes > 0 && closed.bytes() > maxBytes;
  }

  /** True if the newest part of the oldest file is beyond the age. */
  private boolean tooOld(long second) {
    if (maxAge.isZero()) {
      return false;
    }
    Optional<Instant> newestEnd = index.newestEnd();
    Optional<Instant> end = index.newestEndBefore(second - 1);
    return newestEnd.isPresent()
        && end.map(time -> time.isBefore(newestEnd.get().minus(maxAge))).orElse(true);
  }
}
