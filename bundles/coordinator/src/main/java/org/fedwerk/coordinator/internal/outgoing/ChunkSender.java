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
import org.fedwerk.api.metric.QueueLevel;
import org.fedwerk.api.store.Blobs;

/**
 * Answers fetches: a few chunks per site and in all are handed to the link at a time, sites taking
 * turns; the rest waits as digests, so that slow sites cost no memory. What is asked for twice
 * while it waits or is on its way goes once. Runner thread only.
 */
public final class ChunkSender {
  private final Outgoing outgoing;
  private final Blobs blobs;
  private final Executor runner;
  private final Pace pace;
  private final Map<String, Lane> lanes = new LinkedHashMap<>();
  private int inFlight;

  /**
   * How many chunks are under way.
   *
   * @param perSite most at the link for one site
   * @param inAll most at the link for all sites together
   * @param waiting most that wait for one site, as digests; a site asks for 64 at a time, and what
   *     is beyond this it asks for again
   */
  public record Pace(int perSite, int inAll, int waiting) {
    /** What holds where nothing is configured. */
    public static final Pace DEFAULT = new Pace(16, 128, 2000);

    public Pace {
      within("chunks.in.flight", perSite, 1, 1000);
      within("chunks.in.flight.all", inAll, perSite, 10_000);
      within("chunks.waiting", waiting, 64, 100_000);
    }

    private static void within(String key, int value, int least, int most) {
      if (value < least || value > most) {
        throw new IllegalArgumentException(
            key + " is " + value + ", allowed are " + least + " to " + most);
      }
    }
  }

  /** Nothing is asked for yet. */
  public ChunkSender(Outgoing outgoing, Blobs blobs, Executor runner, Pace pace) {
    this.outgoing = outgoing;
    this.blobs = blobs;
    this.runner = runner;
    this.pace = pace;
  }

  /** How full the longest line of a site is, and what is at the link. */
  public List<QueueLevel> levels() {
    int longest = lanes.values().stream().mapToInt(lane -> lane.waiting.size()).max().orElse(0);
    return List.of(
        new QueueLevel("model-chunks", longest, pace.waiting()),
        new QueueLevel("model-chunks-in-flight", inFlight, pace.inAll()));
  }

  /** Sends chunks that the site may have; sent is told the bytes of each. */
  public void ask(String site, Digest task, List<Digest> chunks, LongConsumer sent) {
    Lane lane = lanes.computeIfAbsent(site, Lane::new);
    for (Digest chunk : chunks) {
      Wanted wanted = new Wanted(task, chunk);
      if (!lane.inFlight.contains(wanted) && lane.waiting.size() < pace.waiting()) {
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
        if (inFlight < pace.inAll() && lane.inFlight.size() < pace.perSite()) {
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
