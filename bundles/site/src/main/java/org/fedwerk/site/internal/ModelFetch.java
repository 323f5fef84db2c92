// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.fedwerk.api.Digest;
import org.fedwerk.api.message.Chunk;
import org.fedwerk.api.message.ModelReference;
import org.fedwerk.api.store.Blobs;

/**
 * Pulls the chunks of a model by their digests, one model per task at a time, and asks again for
 * those that do not come. For one thread.
 */
final class ModelFetch {
  /** Most digests in one request. */
  static final int MOST_DIGESTS = 1000;

  private static final long AGAIN_NANOS = Duration.ofSeconds(2).toNanos();

  private final Blobs blobs;
  private final LongSupplier nanoTime;
  private final BiConsumer<Digest, List<Digest>> ask;
  private final Map<Digest, Wanted> byTask = new HashMap<>();

  private static final class Wanted {
    final ModelReference model;
    final Runnable ready;
    final Set<Digest> missing = new LinkedHashSet<>();
    long asked;

    Wanted(ModelReference model, Runnable ready) {
      this.model = model;
      this.ready = ready;
    }
  }

  /**
   * A fetcher.
   *
   * @param ask sends a request for digests of a task's model
   */
  ModelFetch(Blobs blobs, LongSupplier nanoTime, BiConsumer<Digest, List<Digest>> ask) {
    this.blobs = blobs;
    this.nanoTime = nanoTime;
    this.ask = ask;
  }

  /**
   * Begins to fetch, in place of anything the task wanted before; ready runs once all chunks are
   * here, maybe at once.
   */
  void want(Digest task, ModelReference model, Runnable ready) {
    Wanted wanted = new Wanted(model, ready);
    for (Chunk chunk : model.parameters().chunks()) {
      if (!blobs.has(chunk.digest())) {
        wanted.missing.add(chunk.digest());
      }
    }
    if (wanted.missing.isEmpty()) {
      byTask.remove(task);
      ready.run();
      return;
    }
    byTask.put(task, wanted);
    request(task, wanted);
  }

  private void request(Digest task, Wanted wanted) {
    wanted.asked = nanoTime.getAsLong();
    List<Digest> digests = new ArrayList<>(wanted.missing);
    for (int from = 0; from < digests.size(); from += MOST_DIGESTS) {
      ask.accept(task, digests.subList(from, Math.min(digests.size(), from + MOST_DIGESTS)));
    }
  }

  /** Wants nothing more for a task. @return true if something was wanted */
  boolean cancel(Digest task) {
    return byTask.remove(task) != null;
  }

  /** How many chunks of a task's model are still to come. */
  int missing(Digest task) {
    Wanted wanted = byTask.get(task);
    return wanted == null ? 0 : wanted.missing.size();
  }

  /**
   * Takes a chunk.
   *
   * @param came hears of each task that waited for it
   * @return false if nobody asked for it
   */
  boolean deliver(byte[] bytes, Consumer<Digest> came) {
    Digest digest = Digest.of(bytes);
    boolean asked = byTask.values().stream().anyMatch(wanted -> wanted.missing.contains(digest));
    if (!asked) {
      return false;
    }
    blobs.put(bytes);
    for (Map.Entry<Digest, Wanted> entry : List.copyOf(byTask.entrySet())) {
      Wanted wanted = entry.getValue();
      if (wanted.missing.remove(digest)) {
        wanted.asked = nanoTime.getAsLong();
        came.accept(entry.getKey());
        if (wanted.missing.isEmpty()) {
          byTask.remove(entry.getKey());
          wanted.ready.run();
        }
      }
    }
    return true;
  }

  /** Asks again for what has not come for two seconds. */
  void tick() {
    long now = nanoTime.getAsLong();
    byTask.forEach(
        (task, wanted) -> {
          if (now - wanted.asked >= AGAIN_NANOS) {
            request(task, wanted);
          }
        });
  }

  /** True if a chunk belongs to a model that is wanted now. */
  boolean needs(Digest chunk) {
    return byTask.values().stream()
        .anyMatch(
            wanted ->
                wanted.model.parameters().chunks().stream()
                    .anyMatch(each -> each.digest().equals(chunk)));
  }
}
