// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.store.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.fedwerk.api.data.DataRole;
import org.fedwerk.api.data.Label;
import org.fedwerk.api.data.Part;
import org.fedwerk.api.data.PartData;
import org.fedwerk.api.signal.LabelReport;
import org.fedwerk.api.signal.Sample;
import org.fedwerk.api.store.PartStore;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Samples, parts and labels in three journals. Of closed parts only names, times and places are in
 * memory. A part's ordinal is the sequence of its record less one, so the order survives eviction.
 */
@Component(service = PartStore.class)
public final class DiskPartStore implements PartStore, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DiskPartStore.class);
  private static final int SAMPLES = 1;
  private static final int RELEASE = 2;

  private record Place(Part part, SegmentJournal.Location at) {}

  private final Path folder;
  private final long maxBytes;
  private final Duration maxAge;
  private final SegmentJournal samples;
  private final SegmentJournal closed;
  private final LabelLog labels;
  private final SegmentJournal labelJournal;
  private final AtomicLong released = new AtomicLong();

  /** Guards the index below. */
  private final Object lock = new Object();

  private final List<Place> places = new ArrayList<>();
  private final Map<String, Long> newest = new HashMap<>();
  private long firstOrdinal;

  @Activate
  public DiskPartStore(@Reference DiskStorage storage) {
    StoreSettings settings = storage.settings();
    folder = settings.folder();
    maxBytes = settings.partsMaxBytes();
    maxAge = settings.partsMaxAge();
    samples = storage.partsJournal("samples", settings.segmentBytes());
    closed = storage.partsJournal("closed", closedSegment(settings));
    labelJournal = storage.partsJournal("labels", settings.segmentBytes());
    labels = new LabelLog(labelJournal);
    samples.replay(1, (sequence, body) -> readRelease(body));
    firstOrdinal = closed.first() - 1;
    closed.replayAt(1, (at, body) -> index(PartCodec.header(at.sequence() - 1, body), at));
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
  public void add(PartData part) {
    synchronized (lock) {
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
      index(part.part(), closed.appendAt(PartCodec.write(part)));
      try {
        evict();
      } catch (UncheckedIOException e) {
        // the part is kept all the same; the next one tries again
        LOG.warn("Old parts could not be removed: {}", e.getMessage());
      }
    }
  }

  @Override
  public long nextOrdinal() {
    return closed.last();
  }

  @Override
  public Optional<PartData> part(String serial) {
    Long ordinal;
    synchronized (lock) {
      ordinal = newest.get(serial);
    }
    return ordinal == null ? Optional.empty() : part(ordinal);
  }

  @Override
  public Optional<PartData> part(long ordinal) {
    Optional<Place> place = place(ordinal);
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
    return place(ordinal).map(Place::part);
  }

  @Override
  public long firstOrdinal() {
    synchronized (lock) {
      return firstOrdinal;
    }
  }

  @Override
  public Label label(LabelReport report) {
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
  public long bytes() {
    return samples.bytes() + closed.bytes() + labels.bytes();
  }

  /** Closes the three journals. */
  @Override
  @Deactivate
  public void close() {
    samples.close();
    closed.close();
    labelJournal.close();
  }

  private Optional<Place> place(long ordinal) {
    synchronized (lock) {
      long at = ordinal - firstOrdinal;
      return at < 0 || at >= places.size() ? Optional.empty() : Optional.of(places.get((int) at));
    }
  }

  private void readRelease(byte[] body) {
    RecordReader in = new RecordReader(body);
    if (in.u8() == RELEASE) {
      released.accumulateAndGet(in.varint(), Math::max);
    }
  }

  private void index(Part part, SegmentJournal.Location at) {
    places.add(new Place(part, at));
    newest.put(part.serial(), part.ordinal());
  }

  /** Removes whole files; the one with the newest part always stays. */
  private void evict() {
    long gone = 0;
    for (long second = closed.secondSegment();
        second != 0 && (tooMany() || tooOld(second));
        second = closed.secondSegment()) {
      int parts = (int) (second - 1 - firstOrdinal);
      for (Place place : places.subList(0, parts)) {
        newest.remove(place.part().serial(), place.part().ordinal());
      }
      places.subList(0, parts).clear();
      firstOrdinal = second - 1;
      closed.dropBefore(second);
      gone += parts;
    }
    if (gone > 0) {
      Instant oldest = places.get(0).part().begin();
      labels.forgetEvicted(newest::containsKey, oldest);
      LOG.info(
          "{} oldest parts removed to keep the bounds; {} kept, from {} on",
          gone,
          places.size(),
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
    Instant newestEnd = places.get(places.size() - 1).part().end();
    Instant end = places.get((int) (second - 2 - firstOrdinal)).part().end();
    return end.isBefore(newestEnd.minus(maxAge));
  }
}
