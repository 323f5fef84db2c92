// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.window.internal;

import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.fedwerk.api.data.Part;
import org.fedwerk.api.data.PartData;
import org.fedwerk.api.signal.Sample;
import org.fedwerk.api.status.StatusLine;
import org.fedwerk.api.store.PartStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of samples: into the store on the source's thread, then through a bounded queue to the
 * one thread {@code fedwerk-window}, which assembles parts, stores them and tells listeners. What
 * is in memory is a function of the store, so after a kill or a failed write it is built again from
 * there.
 */
final class Intake implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Intake.class);
  private static final long TICK_MILLIS = 200;
  private static final long RETRY_MILLIS = 1000;
  private static final long ASK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final int MOST_UNRELEASED = 50_000;

  private final PartStore store;
  private final WindowSettings settings;
  private final Supplier<SiteSignals> site;
  private final Consumer<PartData> listeners;
  private final PartIndex index;
  private final Tally tally;
  private final LongSupplier nanoTime;
  private final SampleQueue queue;
  private final IntakeStatus status = new IntakeStatus();

  private @Nullable Thread thread;
  private volatile boolean closed;

  // of the thread fedwerk-window alone
  private @Nullable Assembly assembly;
  private String partSignal = "";
  private long processed;
  private long replayed;
  private boolean replaying;
  private boolean builtBefore;
  private long unreleased;
  private long asked;
  private long missingBefore;
  private long droppedBefore;

  Intake(
      PartStore store,
      WindowSettings settings,
      Supplier<SiteSignals> site,
      Consumer<PartData> listeners,
      PartIndex index,
      Tally tally,
      LongSupplier nanoTime) {
    this.store = store;
    this.settings = settings;
    this.site = site;
    this.listeners = listeners;
    this.index = index;
    this.tally = tally;
    this.nanoTime = nanoTime;
    this.queue = new SampleQueue(store, settings.queue(), settings.maxImageBytes());
  }

  synchronized void start() {
    if (thread == null) {
      Thread started = new Thread(this::run, "fedwerk-window");
      started.setDaemon(true);
      started.setUncaughtExceptionHandler((t, e) -> broke(e));
      thread = started;
      started.start();
    }
  }

  /** Where sources put their samples. */
  SampleQueue queue() {
    return queue;
  }

  /** How it is. */
  StatusLine status() {
    return status.line();
  }

  @Override
  public void close() {
    closed = true;
    queue.close();
    Thread running;
    synchronized (this) {
      running = thread;
      thread = null;
    }
    if (running != null) {
      LockSupport.unpark(running);
      boolean interrupted = false;
      while (running.isAlive()) {
        try {
          running.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void run() {
    while (!closed) {
      try {
        Assembly ready = assembly;
        if (ready == null) {
          rebuild();
        } else {
          step(ready);
        }
      } catch (UncheckedIOException e) {
        if (status.troubled(String.valueOf(e.getMessage()))) {
          LOG.error("Window: {}; trying again each second", e.getMessage());
        }
        assembly = null;
        park(RETRY_MILLIS);
      } catch (InterruptedException e) {
        LOG.debug("fedwerk-window was interrupted; only closing ends it");
      }
    }
  }

  /** A defect: nothing more is taken in, so that sources do not acknowledge what piles up. */
  private void broke(Throwable defect) {
    closed = true;
    queue.close();
    status.troubled("stopped by a defect: " + defect + "; restart the bundle org.fedwerk.window");
    LOG.error("Window stopped by a defect; accepted samples are in the store", defect);
  }

  private void park(long millis) {
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
  }

  private void step(Assembly ready) throws InterruptedException {
    SampleQueue.Event event = queue.poll();
    if (nanoTime.getAsLong() - asked > ASK_NANOS) {
      asked = nanoTime.getAsLong();
      SiteSignals signals = site.get();
      ready.configured(signals.bySource());
      if (isReplaced(signals)) {
        LOG.info("{} carries the serial no more; the open state is built again", partSignal);
        assembly = null;
      }
    }
    if (event instanceof SampleQueue.Event.Interruption lost) {
      ready.interrupted(lost.source());
    } else if (event instanceof SampleQueue.Event.Batch batch
        && batch.sequence() > replayed
        && assembly != null) {
      feed(batch.sequence(), batch.source(), batch.samples());
      unreleased += batch.samples().size();
    }
    if (assembly != null) {
      closeParts();
      relieveLog();
      publish();
    }
  }

  /** True if the sources name another signal as part now. */
  private boolean isReplaced(SiteSignals signals) {
    List<String> named = signals.partSignals();
    return settings.partSignal().isEmpty() && !named.isEmpty() && !named.contains(partSignal);
  }

  /** Builds the open state again from the log, once it is known which signal carries the serial. */
  private void rebuild() {
    SiteSignals signals = site.get();
    List<String> named =
        settings.partSignal().isEmpty() ? signals.partSignals() : List.of(settings.partSignal());
    if (named.isEmpty()) {
      status.waiting(
          "no signal carries the part's serial; mark one with part in a source's configuration,"
              + " or set part.signal in etc/org.fedwerk.window.cfg");
      park(TICK_MILLIS);
      return;
    }
    asked = nanoTime.getAsLong();
    partSignal = named.get(0);
    if (named.size() > 1) {
      LOG.warn(
          "Signals {} are all marked as part; {} is used, set part.signal in"
              + " etc/org.fedwerk.window.cfg to choose",
          named,
          partSignal);
    }
    Assembly fresh = fresh();
    fresh.configured(signals.bySource());
    long next = store.nextOrdinal();
    Optional<PartData> last = next > 0 ? store.part(next - 1) : Optional.empty();
    last.ifPresentOrElse(
        fresh::resume, () -> store.closedThrough().map(Nanos::near).ifPresent(fresh::resumeAt));
    assembly = fresh;
    processed = 0;
    replaying = true;
    store.replay(
        (sequence, source, samples) -> {
          // what came since the start is in the queue, unless a failure has emptied that already
          if (builtBefore || !queue.isLive(sequence)) {
            feed(sequence, source, samples);
            closeParts();
            replayed = Math.max(replayed, sequence);
          }
        });
    builtBefore = true;
    replaying = false;
    unreleased = 0;
    Assembly built = current();
    built.interruptAll();
    missingBefore = built.counts().missing;
    droppedBefore = built.counts().dropped;
    if (status.well()) {
      LOG.info("Window works again");
    }
    LOG.info(
        "Window assembles parts by {}; {} parts are stored, {} samples wait for their part's end",
        partSignal,
        store.nextOrdinal(),
        built.retained());
    publish();
  }

  private Assembly fresh() {
    return new Assembly(partSignal, settings, this::isStored);
  }

  private boolean isStored(String serial, long begin) {
    Optional<Part> part = index.newest(serial);
    return (part.isPresent() && Nanos.near(part.get().begin()) == begin)
        || store.isDeleted(serial, Nanos.instant(begin));
  }

  private void feed(long sequence, String source, List<Sample> samples) {
    long now = nanoTime.getAsLong();
    int next = 0;
    while ((next = current().accept(sequence, source, samples, next, now)) < samples.size()) {
      LOG.warn(
          "The source time of {} went back by more than {} ms; open parts are closed as interrupted"
              + " and assembly begins anew",
          partSignal,
          settings.settle().toMillis());
      current().finish();
      closeParts();
      countMissing();
      Assembly anew = fresh();
      anew.configured(site.get().bySource());
      assembly = anew;
      missingBefore = 0;
      droppedBefore = 0;
      store.release(sequence);
    }
    processed = sequence;
  }

  private void closeParts() {
    Assembly ready = current();
    for (Optional<PartData> ended = nextEnded(ready); ended.isPresent(); ended = nextEnded(ready)) {
      PartData data = ended.get();
      Part part = data.part();
      boolean again = replaying && isStored(part.serial(), Nanos.near(part.begin()));
      boolean kept = !again && store.add(data);
      ready.closed();
      release(ready);
      if (!again && !kept) {
        LOG.info("A part that was deleted came again and is not kept");
      }
      if (kept) {
        LOG.debug("Part {} is stored as number {}", part.serial(), part.ordinal());
        listeners.accept(data);
      }
    }
  }

  private Optional<PartData> nextEnded(Assembly ready) {
    return ready.ended(store.nextOrdinal(), nanoTime.getAsLong());
  }

  private void release(Assembly ready) {
    store.release(Math.min(ready.needed(), processed + 1));
    unreleased = 0;
  }

  /** Long idle times and parts must not let the log grow: what pins its old end is moved ahead. */
  private void relieveLog() {
    Assembly ready = current();
    if (unreleased <= MOST_UNRELEASED + 2L * ready.retained()) {
      return;
    }
    long first = Long.MAX_VALUE;
    for (Map.Entry<String, List<Sample>> pinned : ready.pinned().entrySet()) {
      first = Math.min(first, store.append(pinned.getKey(), pinned.getValue()));
    }
    if (first < Long.MAX_VALUE) {
      ready.moved(first);
    }
    release(ready);
  }

  private void publish() {
    Assembly ready = current();
    countMissing();
    long dropped = ready.counts().dropped;
    if (dropped > droppedBefore) {
      LOG.warn(
          "{} samples of open parts were left out, more than buffer.max-samples = {} were waiting;"
              + " is the serial of {} still changing?",
          dropped - droppedBefore,
          settings.maxSamples(),
          partSignal);
      droppedBefore = dropped;
    }
    tally.open = ready.open();
    status.publish(ready, store.nextOrdinal());
  }

  private void countMissing() {
    long missing = current().counts().missing;
    if (!replaying) {
      tally.missing.addAndGet(missing - missingBefore);
      missingBefore = missing;
    }
  }

  private Assembly current() {
    Assembly ready = assembly;
    if (ready == null) {
      throw new IllegalStateException("the open state is not built yet");
    }
    return ready;
  }
}
