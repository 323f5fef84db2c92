// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.fedwerk.api.Digest;
import org.fedwerk.api.message.Chunk;
import org.fedwerk.api.message.Float32;
import org.fedwerk.coordinator.internal.round.Reply;

/**
 * Gathers the chunks of replies to the open phase: asks for a window of them, and again for what
 * did not come in time. Chunks that nobody asked for are not kept. Runner thread only.
 */
final class ReplyDesk {
  private static final int WINDOW = 32;

  private final BlobKeeper.Holder blobs;
  private final BiConsumer<String, List<Digest>> fetch;
  private final long refetchNanos;
  private final Map<String, Gathering> gatherings = new TreeMap<>();

  /** Fetch is told a site and the chunks to ask it for. */
  ReplyDesk(BlobKeeper.Holder blobs, BiConsumer<String, List<Digest>> fetch, long refetchNanos) {
    this.blobs = blobs;
    this.fetch = fetch;
    this.refetchNanos = refetchNanos;
  }

  /** What a chunk or a manifest led to. */
  sealed interface Outcome {
    /** Nobody waits for it. */
    record Unasked() implements Outcome {}

    /** More is to come. */
    record Gathering() implements Outcome {}

    /** The reply is complete; the desk holds its blobs no more, the caller does. */
    record Complete(Reply reply) implements Outcome {}

    /** The reply can never count. */
    record Bad(Digest manifest, String reason) implements Outcome {}
  }

  /**
   * Begins to gather a reply whose manifest fits the plan. A newer manifest takes the place of one
   * that is not complete.
   */
  Outcome offer(ReplyRecord record, Digest manifest, long now) {
    Gathering before = gatherings.get(record.site());
    if (before != null && before.manifest.equals(manifest)) {
      before.asked.clear();
      ask(before, now);
      return new Outcome.Gathering();
    }
    Gathering gathering = new Gathering(record, manifest);
    blobs.hold(record.chunkDigests());
    drop(gatherings.put(record.site(), gathering));
    for (Chunk chunk : record.chunks()) {
      Optional<byte[]> here = blobs.blobs().get(chunk.digest());
      if (here.isEmpty()) {
        gathering.missing.put(chunk.digest(), chunk);
      } else if (!isSound(chunk, here.get())) {
        return bad(gathering);
      }
    }
    ask(gathering, now);
    return complete(gathering);
  }

  /** A chunk came from a site. */
  Outcome chunk(String site, byte[] bytes, long now) {
    Gathering gathering = gatherings.get(site);
    Digest digest = Digest.of(bytes);
    Chunk chunk = gathering == null ? null : gathering.missing.get(digest);
    if (gathering == null || chunk == null) {
      return new Outcome.Unasked();
    }
    if (!isSound(chunk, bytes)) {
      return bad(gathering);
    }
    blobs.blobs().put(bytes);
    gathering.missing.remove(digest);
    gathering.asked.remove(digest);
    gathering.heard = now;
    if (gathering.asked.size() <= WINDOW / 2) {
      ask(gathering, now);
    }
    return complete(gathering);
  }

  /** Asks again where nothing came for a while. */
  void tick(long now) {
    for (Gathering gathering : gatherings.values()) {
      if (now - gathering.heard >= refetchNanos) {
        gathering.asked.clear();
        ask(gathering, now);
      }
    }
  }

  /** What is gathered from a site, for people; empty if nothing. */
  Optional<String> progress(String site) {
    return Optional.ofNullable(gatherings.get(site))
        .map(
            gathering -> {
              int all = new LinkedHashSet<>(gathering.record.chunkDigests()).size();
              return "sending, " + (all - gathering.missing.size()) + " of " + all + " chunks";
            });
  }

  /** Forgets all that is not complete: the phase is over. */
  void clear() {
    List<Gathering> all = new ArrayList<>(gatherings.values());
    gatherings.clear();
    all.forEach(this::drop);
  }

  private void ask(Gathering gathering, long now) {
    List<Digest> wanted =
        gathering.missing.keySet().stream()
            .filter(digest -> !gathering.asked.contains(digest))
            .limit(Math.max(0, WINDOW - gathering.asked.size()))
            .toList();
    if (!wanted.isEmpty()) {
      gathering.asked.addAll(wanted);
      gathering.heard = now;
      fetch.accept(gathering.record.site(), wanted);
    }
  }

  private Outcome complete(Gathering gathering) {
    if (!gathering.missing.isEmpty()) {
      return new Outcome.Gathering();
    }
    gatherings.remove(gathering.record.site());
    Digest record = blobs.put(gathering.record.encode());
    return new Outcome.Complete(new Reply(gathering.record.site(), gathering.manifest, record));
  }

  private Outcome bad(Gathering gathering) {
    gatherings.remove(gathering.record.site());
    drop(gathering);
    return new Outcome.Bad(gathering.manifest, "a value of the delta is not finite");
  }

  private void drop(@org.jspecify.annotations.Nullable Gathering gathering) {
    if (gathering != null) {
      blobs.release(gathering.record.chunkDigests());
    }
  }

  private static boolean isSound(Chunk chunk, byte[] bytes) {
    if (bytes.length != chunk.bytes()) {
      return false;
    }
    float[] values = new float[chunk.count()];
    Float32.decode(bytes, values, 0, values.length);
    for (float value : values) {
      if (!Float.isFinite(value)) {
        return false;
      }
    }
    return true;
  }

  private static final class Gathering {
    private final ReplyRecord record;
    private final Digest manifest;
    private final Map<Digest, Chunk> missing = new LinkedHashMap<>();
    private final Set<Digest> asked = new LinkedHashSet<>();
    private long heard;

    Gathering(ReplyRecord record, Digest manifest) {
      this.record = record;
      this.manifest = manifest;
    }
  }
}
