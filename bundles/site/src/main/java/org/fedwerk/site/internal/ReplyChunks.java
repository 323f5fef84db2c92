// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.time.Duration;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.fedwerk.api.Digest;
import org.fedwerk.api.store.Blobs;

/**
 * Answers the coordinator's fetches: a few chunks are handed to the link at a time, the rest waits
 * as digests. What is asked for again while it waits or is on its way goes once: after a cut a
 * fetch that the broker kept and the one that answers this site's sync name the same chunks. For
 * the talk thread.
 */
final class ReplyChunks {
  private static final int IN_FLIGHT_MOST = 16;

  /** The coordinator asks for 32 at a time; what is beyond this it asks for again. */
  private static final int WAITING_MOST = 1000;

  private static final int TAKEN_MOST = 256;

  /** Below the two seconds after which the coordinator asks again for what it misses. */
  private static final long TRAVEL_NANOS = Duration.ofMillis(1500).toNanos();

  private final Blobs blobs;
  private final Mouth mouth;
  private final Executor talk;
  private final LongSupplier nanoTime;
  private final Set<Wanted> waiting = new LinkedHashSet<>();
  private final Set<Wanted> inFlight = new HashSet<>();

  /** Chunks that the broker took, and when; the newest ones. */
  private final Map<Wanted, Long> taken = new LinkedHashMap<>();

  private record Wanted(Digest task, Digest chunk) {}

  /**
   * Nothing is asked for yet.
   *
   * @param talk runs what the link's threads report, on the thread of all other calls
   */
  ReplyChunks(Blobs blobs, Mouth mouth, Executor talk, LongSupplier nanoTime) {
    this.blobs = blobs;
    this.mouth = mouth;
    this.talk = talk;
    this.nanoTime = nanoTime;
  }

  /** Sends a chunk that the coordinator may have, as soon as there is room. */
  void ask(Digest task, Digest chunk) {
    Wanted wanted = new Wanted(task, chunk);
    Long since = taken.get(wanted);
    boolean travels = since != null && nanoTime.getAsLong() - since < TRAVEL_NANOS;
    if (!travels && !inFlight.contains(wanted) && waiting.size() < WAITING_MOST) {
      waiting.add(wanted);
      pump();
    }
  }

  private void pump() {
    Iterator<Wanted> next = waiting.iterator();
    while (inFlight.size() < IN_FLIGHT_MOST && next.hasNext()) {
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
  }

  private void landed(Wanted wanted, boolean failed) {
    inFlight.remove(wanted);
    if (!failed) {
      taken.remove(wanted);
      taken.put(wanted, nanoTime.getAsLong());
      if (taken.size() > TAKEN_MOST) {
        taken.remove(taken.keySet().iterator().next());
      }
    } else {
      // The coordinator asks again for what it misses, once this site says that it is there.
      waiting.clear();
    }
    pump();
  }
}
