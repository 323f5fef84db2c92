// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.window.internal;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.fedwerk.api.data.EncodedImage;
import org.jspecify.annotations.Nullable;

/** The images that may still be needed, by signal and source time, up to a bound of bytes. */
final class Images {
  private record Held(EncodedImage image, long sequence) {}

  private final Map<String, TreeMap<Long, Held>> held = new HashMap<>();
  private final Map<String, String> sources = new HashMap<>();
  private final Map<String, Long> without = new HashMap<>();
  private final long maxBytes;
  private long bytes;

  Images(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** A signal that delivered images before this process began. */
  void known(String signal) {
    held.computeIfAbsent(signal, s -> new TreeMap<>());
  }

  /** True if it has delivered an image. */
  boolean isKnown(String signal) {
    return held.containsKey(signal);
  }

  /** A signal of images said at this time that it has none, so none is waited for. */
  void none(String source, String signal, long time) {
    sources.put(signal, source);
    without.merge(signal, time, Math::max);
  }

  /**
   * Takes an image; of two with one time the newest wins.
   *
   * @return how many were left out to keep the bound, the oldest first
   */
  int put(String source, String signal, long time, EncodedImage image, long sequence) {
    known(signal);
    sources.put(signal, source);
    TreeMap<Long, Held> images = held.get(signal);
    if (images != null) {
      Held before = images.put(time, new Held(image, sequence));
      bytes += image.bytes().length - (before == null ? 0 : before.image().bytes().length);
    }
    int dropped = 0;
    while (bytes > maxBytes && size() > 1) {
      dropOldest();
      dropped++;
    }
    return dropped;
  }

  private int size() {
    return held.values().stream().mapToInt(TreeMap::size).sum();
  }

  private void dropOldest() {
    TreeMap<Long, Held> from = null;
    for (TreeMap<Long, Held> images : held.values()) {
      if (!images.isEmpty() && (from == null || images.firstKey() < from.firstKey())) {
        from = images;
      }
    }
    if (from != null) {
      bytes -= from.pollFirstEntry().getValue().image().bytes().length;
    }
  }

  Set<String> signals() {
    return held.keySet();
  }

  /** Who delivered last; null if that was before this process began. */
  @Nullable String source(String signal) {
    return sources.get(signal);
  }

  /**
   * True if there is one in [begin, end), or a later one, or if its signal said by then that it has
   * none, so that none needs to be waited for.
   */
  boolean isComplete(String signal, long begin) {
    TreeMap<Long, Held> images = held.get(signal);
    return without.getOrDefault(signal, Long.MIN_VALUE) >= begin
        || (images != null && images.ceilingKey(begin) != null);
  }

  /** By signal the newest in [begin, end). */
  Map<String, EncodedImage> newest(long begin, long end) {
    Map<String, EncodedImage> newest = new HashMap<>();
    held.forEach(
        (signal, images) -> {
          Map.Entry<Long, Held> last = images.lowerEntry(end);
          if (last != null && last.getKey() >= begin) {
            newest.put(signal, last.getValue().image());
          }
        });
    return newest;
  }

  void forgetBefore(long time) {
    for (TreeMap<Long, Held> images : held.values()) {
      while (!images.isEmpty() && images.firstKey() < time) {
        bytes -= images.pollFirstEntry().getValue().image().bytes().length;
      }
    }
  }

  /** Lowest sequence among them; Long.MAX_VALUE if there is none. */
  long oldestSequence() {
    return held.values().stream()
        .flatMap(images -> images.values().stream())
        .mapToLong(Held::sequence)
        .min()
        .orElse(Long.MAX_VALUE);
  }
}
