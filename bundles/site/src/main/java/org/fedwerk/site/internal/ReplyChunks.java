// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.time.Duration;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.fedwerk.api.Digest;
import org.fedwerk.api.metric.QueueLevel;
import org.fedwerk.api.store.Blobs;

/**
 * Answers the coordinator's fetches: a few chunks are handed to the link at a time, the rest waits
 * as digests. What is asked for again while it waits or is on its way goes once: after a cut a
 * fetch that the broker kept and the one that answers this site's sync name the same chunks.
 *
 * <p>A chunk that the broker took is on its way until the coordinator asks for it and has heard
 * what this site said later: messages and chunks come in the order in which they were taken, so a
 * chunk that is missing then is lost. No length of time tells that, for a network that was cut may
 * hold either of chunk and fetch for long. For the talk thread.
 */
final class ReplyChunks {
  /**
   * For a coordinator that does not say what it has heard: below the two seconds after which it
   * asks again for what it misses.
   */
  private static final long TRAVEL_NANOS = Duration.ofMillis(1500).toNanos();

  private final Blobs blobs;
  private final Mouth mouth;
  private final Executor talk;
  private final LongSupplier nanoTime;
  private final SiteSettings.Chunks pace;
  private final Set<Wanted> waiting = new LinkedHashSet<>();
  private final Set<Wanted> inFlight = new HashSet<>();

  /** Chunks that the broker took; the newest ones. */
  private final Map<Wanted, Taken> taken = new LinkedHashMap<>();

  private volatile int waitingNow;
  private volatile int inFlightNow;

  private record Wanted(Digest task, Digest chunk) {}

  /**
   * When the broker took a chunk.
   *
   * @param said the newest message of this site by then
   * @param at monotonic nanoseconds
   */
  private record Taken(long said, long at) {
    boolean isUnderWay(long heard, long now) {
      return heard == 0 ? now - at < TRAVEL_NANOS : heard <= said;
    }
  }

  /**
   * Nothing is asked for yet.
   *
   * @param talk runs what the link's threads report, on the thread of all other calls
   */
  ReplyChunks(
      Blobs blobs, Mouth mouth, Executor talk, LongSupplier nanoTime, SiteSettings.Chunks pace) {
    this.blobs = blobs;
    this.mouth = mouth;
    this.talk = talk;
    this.nanoTime = nanoTime;
    this.pace = pace;
  }

  /** What waits and what is at the link. Any thread may call. */
  List<QueueLevel> levels() {
    return List.of(
        new QueueLevel("reply-chunks", waitingNow, pace.waiting()),
        new QueueLevel("reply-chunks-in-flight", inFlightNow, pace.inFlight()));
  }

  /**
   * Sends a chunk that the coordinator may have, as soon as there is room.
   *
   * @param heard the newest message of this site that the coordinator had heard when it asked; 0 if
   *     it does not say
   * @return false if the broker took the chunk and it is not known to be lost: it is asked for in
   *     vain until the coordinator has heard a later message
   */
  boolean ask(Digest task, Digest chunk, long heard) {
    Wanted wanted = new Wanted(task, chunk);
    if (inFlight.contains(wanted)) {
      return true;
    }
    Taken before = taken.get(wanted);
    if (before != null && before.isUnderWay(heard, nanoTime.getAsLong())) {
      return false;
    }
    if (waiting.size() < pace.waiting()) {
      waiting.add(wanted);
      pump();
    }
    return true;
  }

  private void pump() {
    Iterator<Wanted> next = waiting.iterator();
    while (inFlight.size() < pace.inFlight() && next.hasNext()) {
      Wanted wanted = next.next();
      next.remove();
      Optional<byte[]> bytes = blobs.get(wanted.chunk());
      if (bytes.isPresent()) {
        inFlight.add(wanted);
        var unused =
            mouth
                .chunk(wanted.task(), wanted.chunk(), bytes.get())
                .whenComplete((done, failed) -> talk.execute(() -> landed(wanted, failed != null)));
      }
    }
    waitingNow = waiting.size();
    inFlightNow = inFlight.size();
  }

  private void landed(Wanted wanted, boolean failed) {
    inFlight.remove(wanted);
    if (!failed) {
      taken.remove(wanted);
      taken.put(wanted, new Taken(mouth.newest(), nanoTime.getAsLong()));
      if (taken.size() > pace.remembered()) {
        taken.remove(taken.keySet().iterator().next());
      }
    } else {
      // The coordinator asks again for what it misses, once this site says that it is there.
      waiting.clear();
    }
    pump();
  }
}
