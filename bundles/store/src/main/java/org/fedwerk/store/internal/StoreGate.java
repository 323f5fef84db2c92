// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.store.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.metric.Measurement;
import org.fedwerk.api.status.StatusLine;
import org.fedwerk.api.store.Backups;
import org.fedwerk.api.store.Journal;
import org.fedwerk.api.store.PartStore;
import org.fedwerk.api.store.Storage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the store, reads what is in it, and offers it to the other rooms when all of that could be
 * done; until then it tries again and says why not. Owns the thread {@code fedwerk-store-gate},
 * which rests while the store is open.
 */
final class StoreGate implements Backups, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StoreGate.class);

  private final StoreSettings settings;
  private final Offer offer;
  private final Duration again;
  private final ScheduledExecutorService trying =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "fedwerk-store-gate");
            thread.setDaemon(true);
            return thread;
          });
  private @Nullable DiskStorage storage;
  private @Nullable DiskPartStore parts;
  private final Object restoring = new Object();
  private boolean closed;
  private volatile StatusLine trouble =
      new StatusLine("store", StatusLine.State.STARTING, "reads its files");
  private volatile @Nullable DiskStorage shown;

  /** Makes the store known. */
  interface Offer {
    /** It may be used from now on. */
    void open(Storage storage, java.util.function.Supplier<PartStore> parts);

    /** It may not any more; returns when nobody uses it. */
    void close();
  }

  /** Begins at {@link #start}. */
  StoreGate(StoreSettings settings, Offer offer, Duration again) {
    this.settings = settings;
    this.offer = offer;
    this.again = again;
  }

  /** Starts trying, at once and then after each failure; waits for nothing. */
  void start() {
    trying.execute(this::attempt);
  }

  private void attempt() {
    synchronized (this) {
      if (closed || storage != null) {
        return;
      }
      try {
        open();
        return;
      } catch (RuntimeException unreadable) {
        tell(String.valueOf(unreadable.getMessage()));
      }
      trying.schedule(this::attempt, again.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private void tell(String why) {
    String detail = why + "; it is tried again every " + again.toSeconds() + " s";
    if (!detail.equals(trouble.detail())) {
      LOG.error("Store: {}", detail);
    }
    trouble = new StatusLine("store", StatusLine.State.DOWN, detail);
  }

  private void open() {
    try {
      Restore.finish(settings.folder());
    } catch (IOException unmoved) {
      throw StateFiles.failed("restoring", settings.folder(), unmoved);
    }
    DiskStorage opened = new DiskStorage(settings);
    boolean whole = false;
    try {
      verify(opened);
      if (Files.isDirectory(settings.folder().resolve("parts"))) {
        parts = new DiskPartStore(opened);
      }
      opened.start();
      storage = opened;
      shown = opened;
      whole = true;
    } finally {
      if (!whole) {
        parts = null;
        opened.close();
      }
    }
    offer.open(opened, this::parts);
  }

  /** A process without parts has none on disk before somebody asks for them. */
  private synchronized PartStore parts() {
    DiskStorage open = storage;
    DiskPartStore known = parts;
    if (known == null) {
      if (open == null) {
        throw new IllegalStateException("the store in " + settings.folder() + " is closed");
      }
      known = new DiskPartStore(open);
      parts = known;
    }
    return known;
  }

  /** Reads every journal from end to end. */
  private void verify(DiskStorage opened) {
    Path journals = settings.folder().resolve("journals");
    if (!Files.isDirectory(journals)) {
      return;
    }
    try (Stream<Path> files = Files.walk(journals)) {
      List<String> names =
          files
              .filter(file -> file.getFileName().toString().endsWith(".seg"))
              .map(file -> journals.relativize(file.resolveSibling("").normalize()).toString())
              .distinct()
              .sorted()
              .toList();
      for (String name : names) {
        try (Journal journal = opened.journal(name)) {
          journal.replay(journal.first(), (sequence, body) -> {});
        }
      }
    } catch (IOException unlisted) {
      throw StateFiles.failed("listing", journals, unlisted);
    }
  }

  @Override
  public Summary backup(Path file) throws RefusedException {
    DiskStorage open = shown;
    if (open == null) {
      throw new RefusedException("store", "it is not open; fedwerk:status tells why");
    }
    if (Files.exists(file)) {
      throw new RefusedException("file", file + " exists; name another one");
    }
    try {
      Path anew = file.resolveSibling(file.getFileName() + ".part");
      Summary made = open.backup(anew);
      Files.move(anew, file);
      return new Summary(file, made.files(), made.bytes(), made.epoch());
    } catch (IOException | UncheckedIOException unwritten) {
      throw new RefusedException(
          "file", file + " cannot be written: " + unwritten.getMessage() + "; name another place");
    }
  }

  @Override
  public Summary restore(Path file, boolean replace, long leastEpoch) throws RefusedException {
    synchronized (restoring) {
      try {
        if (!replace && Restore.isUsed(settings.folder())) {
          throw new RefusedException(
              "store",
              settings.folder()
                  + " is not empty; --force puts the backup in its place, and keeps what is there"
                  + " in a folder before-restore-<n>");
        }
        Files.createDirectories(settings.folder());
        Summary restored = Restore.prepare(settings.folder(), file, leastEpoch);
        shut();
        Restore.decide(settings.folder());
        attempt();
        return restored;
      } catch (IOException unread) {
        throw new RefusedException(
            "file",
            file + " cannot be restored: " + unread.getMessage() + "; nothing was replaced");
      }
    }
  }

  /** How it is. */
  List<StatusLine> status() {
    DiskStorage open = shown;
    return open == null ? List.of(trouble) : open.status();
  }

  List<Measurement> measurements() {
    DiskStorage open = shown;
    return open == null ? List.of() : open.measurements();
  }

  /** Withdraws the store, waits until nobody uses it, closes it. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    trying.shutdownNow();
    shut();
  }

  private void shut() {
    DiskStorage open;
    synchronized (this) {
      open = storage;
    }
    if (open != null) {
      offer.close();
      synchronized (this) {
        storage = null;
        if (parts != null) {
          parts.close();
          parts = null;
        }
        shown = null;
        trouble = new StatusLine("store", StatusLine.State.STARTING, "reads its files");
      }
      open.close();
    }
  }
}
