// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.window.internal;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.fedwerk.api.data.Part;
import org.fedwerk.api.store.PartStore;
import org.jspecify.annotations.Nullable;

/** Names and times of the kept parts, by serial. Thread-safe. */
final class PartIndex {
  private static final int REMEMBERED = 10_000;

  private final PartStore store;
  private final Deque<Part> parts = new ArrayDeque<>();
  private final Map<String, Part> newest = new HashMap<>();
  private final Map<String, Boolean> evicted =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.@Nullable Entry<String, Boolean> eldest) {
          return size() > REMEMBERED;
        }
      };
  private long next;
  private long seenDeletions;

  PartIndex(PartStore store) {
    this.store = store;
  }

  /** The newest part of this serial, if it is kept. */
  synchronized Optional<Part> newest(String serial) {
    update();
    return Optional.ofNullable(newest.get(serial));
  }

  /** True if a part of this serial was here and was removed to keep the bounds. */
  synchronized boolean wasEvicted(String serial) {
    update();
    return evicted.containsKey(serial);
  }

  /** The parts whose serial names no newer one, in the order of storing. */
  synchronized List<Part> parts() {
    update();
    return parts.stream().filter(part -> part.equals(newest.get(part.serial()))).toList();
  }

  /** The newest parts, newest first. */
  synchronized Collection<Part> recent(int most) {
    update();
    ArrayDeque<Part> recent = new ArrayDeque<>();
    var backwards = parts.descendingIterator();
    while (recent.size() < most && backwards.hasNext()) {
      recent.addLast(backwards.next());
    }
    return recent;
  }

  private void update() {
    long first = store.firstOrdinal();
    long deletions = store.deletions();
    if (deletions != seenDeletions) {
      seenDeletions = deletions;
      parts.clear();
      newest.clear();
      evicted.keySet().removeIf(store::isDeleted);
      next = first;
    }
    while (!parts.isEmpty() && parts.getFirst().ordinal() < first) {
      Part gone = parts.removeFirst();
      if (newest.remove(gone.serial(), gone)) {
        evicted.put(gone.serial(), true);
      }
    }
    next = Math.max(next, first);
    for (long end = store.nextOrdinal(); next < end; next++) {
      store
          .header(next)
          .ifPresent(
              part -> {
                parts.addLast(part);
                newest.put(part.serial(), part);
                evicted.remove(part.serial());
              });
    }
  }
}
