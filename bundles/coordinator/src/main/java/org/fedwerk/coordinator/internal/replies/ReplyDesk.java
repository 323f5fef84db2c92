// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal.replies;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;
import java.util.function.Function;
import org.fedwerk.api.Digest;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.message.Chunk;
import org.fedwerk.api.message.Section;
import org.fedwerk.coordinator.internal.blobs.BlobKeeper;
import org.fedwerk.coordinator.internal.round.Place;
import org.fedwerk.coordinator.internal.round.Reply;

/**
 * Gathers the chunks of replies to the open phase: asks for a window of them, and again for what
 * did not come in time. Replies stand in line for a window over all of them, so that what is under
 * way does not grow with the number of sites. Chunks that nobody asked for are not kept. Runner
 * thread only.
 */
public final class ReplyDesk {
  private static final int WINDOW = 32;

  /** Most chunks under way from all sites. */
  static final int WINDOW_ALL = 128;

  private static final String NOT_FINITE =
      "a value of the delta is not finite, or a chunk cannot be decoded";

  private final BlobKeeper.Holder blobs;
  private final BiConsumer<String, List<Digest>> fetch;
  private final Function<Section, Optional<String>> ranges;
  private final UpdateReader updates;
  private final Patience patience;

  /** By site: it may send a late reply and one to the open phase at once. */
  private final Map<String, Map<Place, Gathering>> gatherings = new LinkedHashMap<>();

  /** Replies that have chunks to be asked for and found no room, in their order. */
  private final Set<Gathering> line = new LinkedHashSet<>();

  private int underWay;

  /** When the last chunk came from anybody. */
  private long newest;

  /**
   * A desk without replies.
   *
   * @param fetch is told a site and the chunks to ask it for
   * @param ranges says why a section's ranges are not the plan's
   * @param updates says whether a chunk is sound
   * @param patience until a site is asked again
   */
  public ReplyDesk(
      BlobKeeper.Holder blobs,
      BiConsumer<String, List<Digest>> fetch,
      Function<Section, Optional<String>> ranges,
      UpdateReader updates,
      Patience patience) {
    this.blobs = blobs;
    this.fetch = fetch;
    this.ranges = ranges;
    this.updates = updates;
    this.patience = patience;
  }

  /** What a chunk or a manifest led to. */
  public sealed interface Outcome {
    /** Nobody waits for it. */
    record Unasked() implements Outcome {}

    /** More is to come. */
    record Gathering() implements Outcome {}

    /** The reply is complete; the desk holds its blobs no more, the caller does. */
    record Complete(Place place, Reply reply) implements Outcome {}

    /** The reply can never count. */
    record Bad(Place place, Digest manifest, String reason) implements Outcome {}
  }

  /**
   * Begins to gather a reply whose manifest fits the plan. A newer manifest takes the place of one
   * that is not complete.
   */
  public Outcome offer(ReplyRecord record, Place place, Digest manifest, long now) {
    Map<Place, Gathering> ofSite =
        gatherings.computeIfAbsent(record.site(), site -> new LinkedHashMap<>());
    Gathering before = ofSite.get(place);
    if (before != null && before.manifest.equals(manifest)) {
      // A site repeats it while its chunks are on their way; they are not asked for twice.
      return new Outcome.Gathering();
    }
    Gathering gathering = new Gathering(record, place, manifest);
    blobs.hold(record.blobs());
    ofSite.put(place, gathering);
    if (before != null) {
      forget(before);
    }
    return look(gathering, now);
  }

  /** The site was heard of, so that what did not come may be asked for again. */
  public void spoke(String site) {
    of(site).forEach(gathering -> gathering.spoke = true);
  }

  /** The site is there again: what was on its way to it is lost, or comes before this. */
  public void again(String site, long now) {
    for (Gathering gathering : of(site)) {
      letGo(gathering);
      ask(gathering, now);
    }
  }

  private List<Gathering> of(String site) {
    return List.copyOf(gatherings.getOrDefault(site, Map.of()).values());
  }

  /** Notes what is missing: first the pieces of lists; chunks once they are known. */
  private Outcome look(Gathering gathering, long now) {
    if (!gathering.record.isRead()) {
      for (Digest piece : gathering.record.blobs()) {
        if (!blobs.blobs().has(piece)) {
          gathering.missing.put(piece, List.of());
        }
      }
      if (!gathering.missing.isEmpty()) {
        ask(gathering, now);
        return new Outcome.Gathering();
      }
      Optional<String> why = read(gathering);
      if (why.isPresent()) {
        return bad(gathering, why.get());
      }
    }
    for (Chunk chunk : gathering.record.chunks()) {
      Optional<byte[]> here = blobs.blobs().get(chunk.digest());
      if (here.isEmpty()) {
        gathering.missing.computeIfAbsent(chunk.digest(), key -> new ArrayList<>()).add(chunk);
      } else if (!updates.isSound(chunk, here.get())) {
        return bad(gathering, NOT_FINITE);
      }
    }
    ask(gathering, now);
    return gathering.missing.isEmpty() ? complete(gathering) : new Outcome.Gathering();
  }

  private Optional<String> read(Gathering gathering) {
    ReplyRecord named = gathering.record;
    try {
      gathering.record = named.read(blobs.blobs()::get);
    } catch (RefusedException refused) {
      return Optional.of(String.valueOf(refused.getMessage()));
    }
    blobs.hold(gathering.record.blobs());
    blobs.unhold(named.blobs());
    return gathering.record.sections().stream().map(ranges).flatMap(Optional::stream).findFirst();
  }

  /** A chunk came from a site. */
  public Outcome chunk(String site, byte[] bytes, long now) {
    Digest digest = Digest.of(bytes);
    Optional<Gathering> waits =
        of(site).stream().filter(each -> each.missing.containsKey(digest)).findFirst();
    if (waits.isEmpty()) {
      return new Outcome.Unasked();
    }
    Gathering gathering = waits.get();
    List<Chunk> chunks = gathering.missing.getOrDefault(digest, List.of());
    if (!chunks.stream().allMatch(chunk -> updates.isSound(chunk, bytes))) {
      return bad(gathering, NOT_FINITE);
    }
    blobs.blobs().put(bytes);
    gathering.missing.remove(digest);
    underWay -= gathering.asked.remove(digest) ? 1 : 0;
    gathering.heard = now;
    newest = now;
    Outcome outcome = new Outcome.Gathering();
    if (gathering.missing.isEmpty()) {
      outcome = chunks.isEmpty() ? look(gathering, now) : complete(gathering);
    } else if (gathering.asked.size() <= WINDOW / 2) {
      line.add(gathering);
    }
    callNext(now);
    return outcome;
  }

  /** Asks for the replies that stand in line, as far as there is room. */
  private void callNext(long now) {
    while (!line.isEmpty()) {
      Gathering gathering = line.iterator().next();
      if (!ask(gathering, now)) {
        return;
      }
      line.remove(gathering);
    }
  }

  /** What a site was asked for counts no more; it is asked again, or has left. */
  private void letGo(Gathering gathering) {
    underWay -= gathering.asked.size();
    gathering.asked.clear();
  }

  /**
   * Asks again where nothing came for a while; a site that was not heard of since is asked once
   * more only: what it is sent while it is away waits at the broker, and it would answer all of it.
   * Nobody waits for the room of a site that does not answer.
   */
  public void tick(long now) {
    boolean isBusy = patience.holds(newest, now);
    gatherings.forEach(
        (site, ofSite) -> {
          long after = patience.nanos(site, isBusy);
          ofSite.values().forEach(gathering -> askAgain(gathering, after, now));
        });
    callNext(now);
  }

  private void askAgain(Gathering gathering, long after, long now) {
    if (now - gathering.heard < after) {
      return;
    }
    letGo(gathering);
    boolean mayHear = gathering.spoke || !gathering.repeated;
    if (mayHear && !line.contains(gathering)) {
      gathering.repeated = !gathering.spoke;
      line.add(gathering);
    }
  }

  /** What is gathered from a site, for people; empty if nothing. */
  public Optional<String> progress(String site) {
    return of(site).stream()
        .findFirst()
        .map(
            gathering -> {
              int all = new LinkedHashSet<>(gathering.record.blobs()).size();
              return "sending, " + (all - gathering.missing.size()) + " of " + all + " chunks";
            });
  }

  /** Forgets what is not complete, as its phase is over, but for what may still come late. */
  public void clear(BiPredicate<Place, String> owed) {
    for (String site : List.copyOf(gatherings.keySet())) {
      for (Gathering gathering : of(site)) {
        if (!owed.test(gathering.place, site)) {
          remove(gathering);
          forget(gathering);
        }
      }
    }
  }

  /**
   * Asks for what is missing of a window.
   *
   * @return false if there was no room; then the reply stands in line
   */
  private boolean ask(Gathering gathering, long now) {
    List<Digest> wanted =
        gathering.missing.keySet().stream()
            .filter(digest -> !gathering.asked.contains(digest))
            .limit(Math.max(0, WINDOW - gathering.asked.size()))
            .toList();
    if (wanted.isEmpty()) {
      return true;
    }
    if (underWay + wanted.size() > WINDOW_ALL) {
      line.add(gathering);
      return false;
    }
    line.remove(gathering);
    gathering.asked.addAll(wanted);
    underWay += wanted.size();
    gathering.heard = now;
    gathering.spoke = false;
    fetch.accept(gathering.record.site(), wanted);
    return true;
  }

  private Outcome complete(Gathering gathering) {
    remove(gathering);
    leave(gathering);
    Digest record = blobs.put(gathering.record.encode());
    return new Outcome.Complete(
        gathering.place, new Reply(gathering.record.site(), gathering.manifest, record));
  }

  private Outcome bad(Gathering gathering, String why) {
    remove(gathering);
    forget(gathering);
    return new Outcome.Bad(gathering.place, gathering.manifest, why);
  }

  private void remove(Gathering gathering) {
    String site = gathering.record.site();
    gatherings.computeIfPresent(
        site,
        (name, ofSite) -> {
          ofSite.remove(gathering.place);
          return ofSite.isEmpty() ? null : ofSite;
        });
  }

  private void forget(Gathering gathering) {
    leave(gathering);
    blobs.release(gathering.record.blobs());
  }

  /** It is neither waited for nor in anybody's way any more. */
  private void leave(Gathering gathering) {
    letGo(gathering);
    line.remove(gathering);
  }

  private static final class Gathering {
    private final Digest manifest;
    private final Place place;

    /** What is still to come, with the chunks that it is; none of a piece of a list. */
    private final Map<Digest, List<Chunk>> missing = new LinkedHashMap<>();

    private final Set<Digest> asked = new LinkedHashSet<>();
    private ReplyRecord record;
    private long heard;

    /** True if the site was heard of since it was asked. */
    private boolean spoke;

    /** True if it was asked again without that. */
    private boolean repeated;

    Gathering(ReplyRecord record, Place place, Digest manifest) {
      this.record = record;
      this.place = place;
      this.manifest = manifest;
    }
  }
}
