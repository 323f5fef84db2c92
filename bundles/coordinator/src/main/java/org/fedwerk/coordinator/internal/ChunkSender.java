// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.LongConsumer;
import org.fedwerk.api.Digest;
import org.fedwerk.api.store.Blobs;

/**
 * Answers fetches: a few chunks per site are handed to the link at a time, the rest waits as
 * digests, so that a slow site costs no memory. What is asked for twice while it waits goes once.
 * Runner thread only.
 */
final class ChunkSender {
  private static final int IN_FLIGHT_MOST = 16;

  private final Outgoing outgoing;
  private final Blobs blobs;
  private final Executor runner;
  private final Map<String, Lane> lanes = new HashMap<>();

  ChunkSender(Outgoing outgoing, Blobs blobs, Executor runner) {
    this.outgoing = outgoing;
    this.blobs = blobs;
    this.runner = runner;
  }

  /** Sends chunks that the site may have; sent is told the bytes of each. */
  void ask(String site, Digest task, List<Digest> chunks, LongConsumer sent) {
    Lane lane = lanes.computeIfAbsent(site, id -> new Lane());
    chunks.forEach(chunk -> lane.waiting.add(new Wanted(task, chunk)));
    lane.sent = sent;
    pump(site, lane);
  }

  private void pump(String site, Lane lane) {
    while (lane.inFlight < IN_FLIGHT_MOST && !lane.waiting.isEmpty()) {
      Wanted next = lane.waiting.iterator().next();
      lane.waiting.remove(next);
      Optional<byte[]> bytes = blobs.get(next.chunk());
      if (bytes.isPresent()) {
        lane.inFlight++;
        lane.sent.accept(bytes.get().length);
        var unused =
            outgoing
                .chunk(site, next.task(), bytes.get())
                .whenComplete(
                    (done, problem) -> runner.execute(() -> landed(site, lane, problem != null)));
      }
    }
  }

  private void landed(String site, Lane lane, boolean failed) {
    lane.inFlight--;
    if (failed) {
      // The site asks again for what it misses, once it is there.
      lane.waiting.clear();
    }
    pump(site, lane);
  }

  private record Wanted(Digest task, Digest chunk) {}

  private static final class Lane {
    private final LinkedHashSet<Wanted> waiting = new LinkedHashSet<>();
    private LongConsumer sent = bytes -> {};
    private int inFlight;
  }
}
