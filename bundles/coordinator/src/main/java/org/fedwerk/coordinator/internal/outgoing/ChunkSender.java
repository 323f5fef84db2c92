// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal.outgoing;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.LongConsumer;
import org.fedwerk.api.Digest;
import org.fedwerk.api.store.Blobs;

/**
 * Answers fetches: a few chunks per site and in all are handed to the link at a time, sites taking
 * turns; the rest waits as digests, so that slow sites cost no memory. What is asked for twice
 * while it waits or is on its way goes once. Runner thread only.
 */
public final class ChunkSender {
  private static final int IN_FLIGHT_MOST = 16;
  private static final int IN_FLIGHT_ALL = 128;

  /** A site asks for 64 at a time; what is beyond this it asks for again. */
  private static final int WAITING_MOST = 2000;

  private final Outgoing outgoing;
  private final Blobs blobs;
  private final Executor runner;
  private final Map<String, Lane> lanes = new LinkedHashMap<>();
  private int inFlight;

  public ChunkSender(Outgoing outgoing, Blobs blobs, Executor runner) {
    this.outgoing = outgoing;
    this.blobs = blobs;
    this.runner = runner;
  }

  /** Sends chunks that the site may have; sent is told the bytes of each. */
  public void ask(String site, Digest task, List<Digest> chunks, LongConsumer sent) {
    Lane lane = lanes.computeIfAbsent(site, Lane::new);
    for (Digest chunk : chunks) {
      Wanted wanted = new Wanted(task, chunk);
      if (!lane.inFlight.contains(wanted) && lane.waiting.size() < WAITING_MOST) {
        lane.waiting.add(wanted);
      }
    }
    lane.sent = sent;
    pump();
  }

  private void pump() {
    boolean more = true;
    while (more) {
      more = false;
      for (Lane lane : lanes.values()) {
        if (inFlight < IN_FLIGHT_ALL && lane.inFlight.size() < IN_FLIGHT_MOST) {
          more |= next(lane);
        }
      }
    }
  }

  private boolean next(Lane lane) {
    if (lane.waiting.isEmpty()) {
      return false;
    }
    Wanted wanted = lane.waiting.iterator().next();
    lane.waiting.remove(wanted);
    Optional<byte[]> bytes = blobs.get(wanted.chunk());
    if (bytes.isPresent()) {
      inFlight++;
      lane.inFlight.add(wanted);
      lane.sent.accept(bytes.get().length);
      var unused =
          outgoing
              .chunk(lane.site, wanted.task(), bytes.get())
              .whenComplete(
                  (done, problem) -> runner.execute(() -> landed(lane, wanted, problem != null)));
    }
    return true;
  }

  private void landed(Lane lane, Wanted wanted, boolean failed) {
    inFlight--;
    lane.inFlight.remove(wanted);
    if (failed) {
      // The site asks again for what it misses, once it is there.
      lane.waiting.clear();
    }
    pump();
  }

  private record Wanted(Digest task, Digest chunk) {}

  private static final class Lane {
    private final String site;
    private final Set<Wanted> waiting = new LinkedHashSet<>();
    private final Set<Wanted> inFlight = new LinkedHashSet<>();
    private LongConsumer sent = bytes -> {};

    Lane(String site) {
      this.site = site;
    }
  }
}
