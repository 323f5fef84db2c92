// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.store.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.regex.Pattern;
import org.fedwerk.api.metric.Measurement;
import org.fedwerk.api.metric.MetricSource;
import org.fedwerk.api.status.StatusLine;
import org.fedwerk.api.status.StatusSource;
import org.fedwerk.api.store.Backups;
import org.fedwerk.api.store.Blobs;
import org.fedwerk.api.store.Journal;
import org.fedwerk.api.store.Storage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All state of this process under one folder: {@code journals/}, {@code parts/}, {@code blobs/}. It
 * owns one thread, {@code fedwerk-store-force}, which forces written data to the device.
 */
public final class DiskStorage implements Storage, StatusSource, MetricSource, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DiskStorage.class);
  private static final Pattern NAME =
      Pattern.compile("[a-z0-9-][a-z0-9.-]*(/[a-z0-9-][a-z0-9.-]*)*");

  private final StoreSettings settings;
  private final FolderLock folderLock;
  private final FileBlobs blobs;
  private final Map<Path, SegmentJournal> journals = new HashMap<>();
  private final ReadWriteLock frozen = new ReentrantReadWriteLock();
  private volatile EpochFile epoch;
  private boolean closed;
  private @Nullable ScheduledExecutorService forcing;
  private volatile @Nullable String trouble;

  /** Takes the folder; {@link #start()} begins forcing in the background. */
  public DiskStorage(StoreSettings settings) {
    this.settings = settings;
    Path folder = settings.folder();
    FolderLock taken = null;
    try {
      Files.createDirectories(folder);
      taken = FolderLock.take(folder);
      blobs = new FileBlobs(folder.resolve("blobs"), frozen.readLock());
      epoch = EpochFile.read(folder);
      folderLock = taken;
      taken = null;
    } catch (IOException e) {
      throw StateFiles.failed("opening the store", folder, e);
    } finally {
      if (taken != null) {
        taken.close();
      }
    }
  }

  /** Starts forcing written data to the device at the interval of the settings. */
  public synchronized void start() {
    if (forcing == null) {
      forcing =
          Executors.newSingleThreadScheduledExecutor(
              task -> {
                Thread thread = new Thread(task, "fedwerk-store-force");
                thread.setDaemon(true);
                return thread;
              });
      long millis = settings.forceInterval().toMillis();
      forcing.scheduleWithFixedDelay(this::forceAll, millis, millis, TimeUnit.MILLISECONDS);
      LOG.info("Store opened in {}", settings.folder());
    }
  }

  @Override
  public Journal journal(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "a journal's name has lower case letters, digits, dashes, dots and slashes, not \""
              + name
              + "\"");
    }
    return open(settings.folder().resolve("journals").resolve(name), settings.segmentBytes());
  }

  @Override
  public Blobs blobs() {
    return blobs;
  }

  @Override
  public long epoch() {
    return epoch.epoch();
  }

  @Override
  public boolean isRestored() {
    return epoch.restored();
  }

  @Override
  public void settled() {
    EpochFile settled = new EpochFile(epoch.epoch(), false);
    try {
      settled.write(settings.folder());
    } catch (IOException e) {
      throw StateFiles.failed("writing", settings.folder().resolve(EpochFile.NAME), e);
    }
    epoch = settled;
  }

  /** Writes a backup; nobody writes to the store meanwhile. */
  Backups.Summary backup(Path file) throws IOException {
    frozen.writeLock().lock();
    try {
      Archive.Content content = Archive.write(settings.folder(), file);
      return new Backups.Summary(file, content.files(), content.bytes(), epoch.epoch());
    } finally {
      frozen.writeLock().unlock();
    }
  }

  @Override
  public List<StatusLine> status() {
    String now = trouble;
    if (now != null) {
      return List.of(new StatusLine("store", StatusLine.State.DEGRADED, now));
    }
    return List.of(
        new StatusLine("store", StatusLine.State.READY, "state is in " + settings.folder()));
  }

  @Override
  public List<Measurement> measurements() {
    long parts = 0;
    long others = 0;
    for (SegmentJournal journal : openJournals()) {
      boolean ofParts = journal.folder().startsWith(settings.folder().resolve("parts"));
      parts += ofParts ? journal.bytes() : 0;
      others += ofParts ? 0 : journal.bytes();
    }
    List<Measurement> measured = new ArrayList<>();
    measured.add(used("parts", parts));
    measured.add(used("journals", others));
    if (settings.partsMaxBytes() > 0) {
      measured.add(
          Measurement.gauge(
              "fedwerk.store.bound",
              "bytes",
              "Bound of closed parts on disk",
              settings.partsMaxBytes(),
              "area",
              "parts"));
    }
    measured.add(
        Measurement.gauge(
            "fedwerk.store.free",
            "bytes",
            "Room left on the store's file system",
            settings.folder().toFile().getUsableSpace()));
    measured.add(
        Measurement.gauge(
            "fedwerk.store.trouble",
            "",
            "1 while the store cannot write, else 0",
            trouble == null ? 0 : 1));
    return measured;
  }

  private static Measurement used(String area, long bytes) {
    return Measurement.gauge(
        "fedwerk.store.used", "bytes", "Bytes of open journals on disk", bytes, "area", area);
  }

  /** Closes every journal and gives the folder back. */
  @Override
  public void close() {
    synchronized (this) {
      if (forcing != null) {
        forcing.shutdown();
        forcing = null;
      }
    }
    synchronized (journals) {
      if (closed) {
        return;
      }
      closed = true;
    }
    try {
      openJournals().forEach(SegmentJournal::close);
      blobs.forceIfNeeded();
    } finally {
      folderLock.close();
    }
  }

  StoreSettings settings() {
    return settings;
  }

  /** A journal of the parts, which is not one of {@link #journal(String)}'s names. */
  SegmentJournal partsJournal(String name, long segmentBytes) {
    return open(settings.folder().resolve("parts").resolve(name), segmentBytes);
  }

  private SegmentJournal open(Path folder, long segmentBytes) {
    synchronized (journals) {
      if (closed) {
        throw new IllegalStateException("the store in " + settings.folder() + " is closed");
      }
      SegmentJournal open = journals.get(folder);
      if (open == null) {
        open = new SegmentJournal(folder, segmentBytes, () -> forget(folder), frozen.readLock());
        journals.put(folder, open);
      }
      return open;
    }
  }

  private void forget(Path folder) {
    synchronized (journals) {
      journals.remove(folder);
    }
  }

  private List<SegmentJournal> openJournals() {
    synchronized (journals) {
      return new ArrayList<>(journals.values());
    }
  }

  private void forceAll() {
    try {
      openJournals().forEach(SegmentJournal::forceIfNeeded);
      blobs.forceIfNeeded();
      if (trouble != null) {
        trouble = null;
        LOG.info("Store writes to {} again", settings.folder());
      }
    } catch (UncheckedIOException e) {
      if (trouble == null) {
        LOG.error("Store: {}", e.getMessage());
      }
      trouble = e.getMessage();
    }
  }
}
