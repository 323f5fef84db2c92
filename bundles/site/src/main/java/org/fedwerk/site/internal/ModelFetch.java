// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.fedwerk.api.Digest;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.message.Chunk;
import org.fedwerk.api.message.ModelReference;
import org.fedwerk.api.message.Section;
import org.fedwerk.api.store.Blobs;

/**
 * Pulls a model by digests, one model per task at a time: first the list of its chunks where it has
 * one, then the chunks, a window of them at a time; asks again for those that do not come. Where
 * chunks can be made from a change, the change is pulled first. For one thread.
 */
final class ModelFetch {
  /** Most chunks of a task that are asked for at a time. */
  static final int WINDOW = 64;

  private final Blobs blobs;
  private final LongSupplier nanoTime;
  private final Supplier<Duration> patience;
  private final BiConsumer<Digest, List<Digest>> ask;
  private final Map<Digest, Wanted> byTask = new HashMap<>();

  /** Hears how a model comes. */
  interface Arrival {
    /** The list of its chunks was read; none of them was asked for yet. */
    void listed(ModelReference model);

    /** All of it is here. The last call. */
    void ready(ModelReference model);

    /** The list is not what the plan names. The last call. */
    void refused(String why);
  }

  /** Makes chunks of models from what is here, so that they need not be fetched. */
  interface Origin {
    /** Nothing can be made. */
    Origin NONE =
        new Origin() {
          @Override
          public void begin(ModelReference model) {}

          @Override
          public Optional<Section> change(ModelReference model) {
            return Optional.empty();
          }

          @Override
          public void apply(ModelReference model) {}
        };

    /** Makes what needs nothing more. */
    void begin(ModelReference model);

    /** What must be here to make more; empty if nothing more can be made. */
    Optional<Section> change(ModelReference model);

    /** Makes what can be made of those chunks of the change that are here. */
    void apply(ModelReference model);
  }

  private static final class Wanted {
    final Arrival arrival;
    final Origin origin;
    final Set<Digest> all = new HashSet<>();
    final Set<Digest> missing = new LinkedHashSet<>();
    final Set<Digest> asked = new HashSet<>();
    ModelReference model;
    boolean begun;
    boolean applied;
    long heard;

    Wanted(ModelReference model, Origin origin, Arrival arrival) {
      this.model = model;
      this.origin = origin;
      this.arrival = arrival;
    }
  }

  /**
   * A fetcher.
   *
   * @param patience how long a chunk that was asked for may take
   * @param ask sends a request for digests of a task's model
   */
  ModelFetch(
      Blobs blobs,
      LongSupplier nanoTime,
      Supplier<Duration> patience,
      BiConsumer<Digest, List<Digest>> ask) {
    this.blobs = blobs;
    this.nanoTime = nanoTime;
    this.patience = patience;
    this.ask = ask;
  }

  /**
   * Begins to fetch, in place of anything the task wanted before; the arrival hears of it, maybe at
   * once.
   *
   * @param origin makes what need not be fetched
   */
  void want(Digest task, ModelReference model, Origin origin, Arrival arrival) {
    Wanted wanted = new Wanted(model, origin, arrival);
    byTask.put(task, wanted);
    look(task, wanted);
  }

  /** Notes what is missing now, and asks for it: of the list, of the change, of the chunks. */
  private void look(Digest task, Wanted wanted) {
    if (!isListed(task, wanted)) {
      return;
    }
    List<Digest> chunks = missingChunks(wanted);
    if (!chunks.isEmpty() && !wanted.applied) {
      List<Digest> change = missingChange(wanted);
      if (!change.isEmpty()) {
        miss(task, wanted, change);
        return;
      }
      chunks = missingChunks(wanted);
    }
    if (chunks.isEmpty()) {
      byTask.remove(task);
      wanted.arrival.ready(wanted.model);
    } else {
      miss(task, wanted, chunks);
    }
  }

  /** True if the chunks are known; else their list is asked for, or is no such list. */
  private boolean isListed(Digest task, Wanted wanted) {
    Section named = wanted.model.parameters();
    wanted.all.addAll(named.blobs());
    try {
      Optional<Section> read = named.read(blobs::get);
      if (read.isEmpty()) {
        miss(task, wanted, absent(named.pieces()));
        return false;
      }
      if (!named.isRead()) {
        wanted.model = wanted.model.with(read.get());
        wanted.all.addAll(read.get().blobs());
        wanted.arrival.listed(wanted.model);
      }
    } catch (RefusedException refused) {
      byTask.remove(task);
      wanted.arrival.refused(refused.getMessage());
      return false;
    }
    if (!wanted.begun) {
      wanted.begun = true;
      if (!missingChunks(wanted).isEmpty()) {
        wanted.origin.begin(wanted.model);
      }
    }
    return true;
  }

  /** What of the change is missing; with nothing missing, chunks were made of it. */
  private List<Digest> missingChange(Wanted wanted) {
    Optional<Section> change = wanted.origin.change(wanted.model);
    if (change.isPresent()) {
      try {
        wanted.all.addAll(change.get().blobs());
        Optional<Section> read = change.get().read(blobs::get);
        if (read.isEmpty()) {
          return absent(change.get().pieces());
        }
        List<Digest> missing = missingChange(wanted, read.get());
        if (!missing.isEmpty()) {
          return missing;
        }
        wanted.origin.apply(wanted.model);
      } catch (RefusedException malformed) {
        // The chunks themselves are fetched instead.
        wanted.applied = true;
        return List.of();
      }
    }
    wanted.applied = true;
    return List.of();
  }

  private List<Digest> missingChange(Wanted wanted, Section change) {
    if (!wanted.model.change().orElseThrow().values().isRead()) {
      wanted.model = wanted.model.withChange(change);
      wanted.all.addAll(change.blobs());
      wanted.arrival.listed(wanted.model);
    }
    List<Chunk> chunks = wanted.model.parameters().chunks();
    List<Digest> needed = new ArrayList<>();
    for (int i = 0; i < Math.min(chunks.size(), change.count()); i++) {
      if (!blobs.has(chunks.get(i).digest())) {
        needed.add(change.chunks().get(i).digest());
      }
    }
    return absent(needed);
  }

  private List<Digest> missingChunks(Wanted wanted) {
    return absent(wanted.model.parameters().chunks().stream().map(Chunk::digest).toList());
  }

  private List<Digest> absent(List<Digest> some) {
    return some.stream().filter(blob -> !blobs.has(blob)).toList();
  }

  private void miss(Digest task, Wanted wanted, List<Digest> missing) {
    wanted.missing.addAll(missing);
    request(task, wanted);
  }

  private void request(Digest task, Wanted wanted) {
    wanted.heard = nanoTime.getAsLong();
    List<Digest> more =
        wanted.missing.stream()
            .filter(digest -> !wanted.asked.contains(digest))
            .limit(WINDOW - wanted.asked.size())
            .toList();
    if (!more.isEmpty()) {
      wanted.asked.addAll(more);
      ask.accept(task, more);
    }
  }

  /** Wants nothing more for a task. @return true if something was wanted */
  boolean cancel(Digest task) {
    return byTask.remove(task) != null;
  }

  /** How many chunks of a task's model are still to come. */
  int missing(Digest task) {
    Wanted wanted = byTask.get(task);
    if (wanted == null) {
      return 0;
    }
    Section parameters = wanted.model.parameters();
    return parameters.isRead() ? wanted.missing.size() : parameters.count();
  }

  /**
   * Takes a chunk.
   *
   * @param came hears of each task that waited for it
   * @return false if nobody asked for it
   */
  boolean deliver(byte[] bytes, Consumer<Digest> came) {
    Digest digest = Digest.of(bytes);
    boolean wants = byTask.values().stream().anyMatch(wanted -> wanted.missing.contains(digest));
    if (!wants) {
      return false;
    }
    blobs.put(bytes);
    for (Map.Entry<Digest, Wanted> entry : List.copyOf(byTask.entrySet())) {
      Wanted wanted = entry.getValue();
      if (wanted.missing.remove(digest)) {
        wanted.asked.remove(digest);
        wanted.heard = nanoTime.getAsLong();
        came.accept(entry.getKey());
        if (wanted.missing.isEmpty()) {
          look(entry.getKey(), wanted);
        } else if (wanted.asked.size() <= WINDOW / 2) {
          request(entry.getKey(), wanted);
        }
      }
    }
    return true;
  }

  /**
   * The link is there again: what was asked for before and waits at the broker comes first, so
   * patience begins anew.
   */
  void connected() {
    byTask.values().forEach(wanted -> wanted.heard = nanoTime.getAsLong());
  }

  /** Asks again for what has not come for so long. */
  void tick() {
    long now = nanoTime.getAsLong();
    long again = patience.get().toNanos();
    byTask.forEach(
        (task, wanted) -> {
          if (now - wanted.heard >= again) {
            wanted.asked.clear();
            request(task, wanted);
          }
        });
  }

  /** True if a chunk belongs to a model that is wanted now. */
  boolean needs(Digest chunk) {
    return byTask.values().stream().anyMatch(wanted -> wanted.all.contains(chunk));
  }
}
