// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.fedwerk.api.Digest;
import org.fedwerk.api.message.Float32;
import org.fedwerk.api.message.ReplyKey;
import org.fedwerk.api.store.Blobs;
import org.fedwerk.api.store.Journal;

/**
 * Vectors that a site keeps beside the global model and never sends: layers of its own, its control
 * variate, its personal model, what it left out of an update, a threshold. Each belongs to the
 * round whose training made it, and is on disk before that training's reply is. The same training
 * done again after a kill replaces what it left. Thread-safe.
 */
final class PersonalBook {
  static final String NAME = "site/personal";

  private static final int KEPT = 1;
  private static final int COMPACT_EVERY = 200;

  /** Elements per blob. */
  private static final int PIECE = 24_000;

  private final Journal journal;
  private final Blobs blobs;
  private final ChunkLedger chunks;
  private final Map<String, TreeMap<Integer, Kept>> vectors = new HashMap<>();
  private Set<Digest> needed = Set.of();

  /** What a vector is. */
  enum Kind {
    /** Entries of layers that stay at the site. */
    LAYERS,
    /** SCAFFOLD's c_i. */
    CONTROL,
    /** Ditto's personal model. */
    MODEL,
    /** A version's model, fine-tuned; its round is the version. */
    TUNED,
    /** What a sparse update left out. */
    RESIDUAL,
    /** Which cluster's model of a version fits here; its round is the version. */
    CLUSTER,
    /** One number: from which score on a part is an anomaly to a version; its round is that. */
    THRESHOLD
  }

  /** Where a round's vector is. */
  private record Kept(Digest task, Kind kind, int round, int size, List<Digest> pieces) {}

  PersonalBook(Journal journal, Blobs blobs, ChunkLedger chunks) {
    this.journal = journal;
    this.blobs = blobs;
    this.chunks = chunks;
    journal.replay(
        journal.first(), (sequence, bytes) -> remember(decode(new StateReader(NAME, bytes))));
    needed = digests();
    // A kill may have come between a vector and its entry.
    chunks.note(needed);
  }

  /**
   * Keeps the vector that a training made; when it returns, it is forced to the device.
   *
   * @param from the oldest round that may be asked for; older vectors go, but for the newest of
   *     them
   */
  synchronized void keep(ReplyKey key, Kind kind, float[] vector, int from) {
    List<Digest> pieces = new ArrayList<>();
    for (int at = 0; at < vector.length; at += PIECE) {
      byte[] bytes = Float32.encode(vector, at, Math.min(PIECE, vector.length - at));
      pieces.add(chunks.keep(bytes));
    }
    Kept kept = new Kept(key.task(), kind, key.round(), vector.length, pieces);
    long sequence = journal.append(encode(kept));
    journal.force();
    remember(kept);
    TreeMap<Integer, Kept> all = of(key.task(), kind);
    Integer oldest = all.floorKey(from);
    if (oldest != null) {
      all.headMap(oldest).clear();
    }
    needed = digests();
    compact(sequence);
  }

  /** The vector of the newest round up to one, if there is any. */
  synchronized Optional<float[]> newest(Digest task, Kind kind, int round) {
    Map.Entry<Integer, Kept> entry = of(task, kind).floorEntry(round);
    return entry == null ? Optional.empty() : read(entry.getValue());
  }

  /** The vector of a round, if there is one. */
  synchronized Optional<float[]> exactly(Digest task, Kind kind, int round) {
    return Optional.ofNullable(of(task, kind).get(round)).flatMap(this::read);
  }

  private Optional<float[]> read(Kept kept) {
    float[] vector = new float[kept.size()];
    int from = 0;
    for (Digest piece : kept.pieces()) {
      Optional<byte[]> bytes = blobs.get(piece);
      if (bytes.isEmpty()) {
        return Optional.empty();
      }
      int count = bytes.get().length / Float.BYTES;
      Float32.decode(bytes.get(), vector, from, count);
      from += count;
    }
    return Optional.of(vector);
  }

  /** True if a blob belongs to a vector that is kept. */
  synchronized boolean needs(Digest blob) {
    return needed.contains(blob);
  }

  private TreeMap<Integer, Kept> of(Digest task, Kind kind) {
    return vectors.computeIfAbsent(task.hex() + " " + kind, key -> new TreeMap<>());
  }

  private void remember(Kept kept) {
    of(kept.task(), kept.kind()).put(kept.round(), kept);
  }

  private Set<Digest> digests() {
    Set<Digest> all = new HashSet<>();
    vectors.values().forEach(rounds -> rounds.values().forEach(kept -> all.addAll(kept.pieces())));
    return all;
  }

  /** From time to time what is kept is written anew, so that old files can go. */
  private void compact(long sequence) {
    if (sequence % COMPACT_EVERY != 0) {
      return;
    }
    vectors
        .values()
        .forEach(rounds -> rounds.values().forEach(kept -> journal.append(encode(kept))));
    journal.force();
    journal.dropBefore(sequence + 1);
  }

  private static byte[] encode(Kept kept) {
    return new StateWriter(KEPT)
        .digest(kept.task())
        .text(kept.kind().name())
        .number(kept.round())
        .number(kept.size())
        .list(kept.pieces(), StateWriter::digest)
        .record();
  }

  private static Kept decode(StateReader record) {
    if (record.type() != KEPT) {
      throw new IllegalStateException(
          "journal " + NAME + " holds a record of unknown type " + record.type());
    }
    return new Kept(
        record.digest(),
        Kind.valueOf(record.text()),
        record.integer(),
        record.integer(),
        record.list(StateReader::digest));
  }
}
