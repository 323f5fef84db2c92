// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.store.internal;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.fedwerk.api.data.Part;

/**
 * Names, times and places of closed parts, in memory. Its owner's lock guards it, but for {@link
 * #newest}, which never waits.
 */
final class PartIndex {
  private final List<Place> places = new ArrayList<>();
  private final Map<String, Long> newest = new ConcurrentHashMap<>();
  private long firstOrdinal;

  /** A part and where it lies; of a deleted one only the place is left. */
  record Place(Part part, SegmentJournal.Location at) {
    boolean isDeleted() {
      return part.serial().isEmpty();
    }

    private Place deleted() {
      return new Place(PartCodec.deleted(part.ordinal()), at);
    }
  }

  /** No parts; the first will have an ordinal. */
  PartIndex(long firstOrdinal) {
    this.firstOrdinal = firstOrdinal;
  }

  /** Adds the part with the next ordinal. */
  void add(Part part, SegmentJournal.Location at) {
    places.add(new Place(part, at));
    if (!part.serial().isEmpty()) {
      newest.put(part.serial(), part.ordinal());
    }
  }

  /** Ordinal of the newest part of a serial that is kept. Any thread may ask. */
  Optional<Long> newest(String serial) {
    return Optional.ofNullable(newest.get(serial));
  }

  /** Ordinal of the oldest part that is kept. */
  long firstOrdinal() {
    return firstOrdinal;
  }

  /** How many parts are kept, with deleted ones. */
  int size() {
    return places.size();
  }

  /** Where a part lies; empty if it was evicted or deleted, or is not closed yet. */
  Optional<Place> place(long ordinal) {
    long at = ordinal - firstOrdinal;
    return at < 0 || at >= places.size() || places.get((int) at).isDeleted()
        ? Optional.empty()
        : Optional.of(places.get((int) at));
  }

  /** The parts that are kept and not deleted, oldest first. */
  Stream<Part> parts() {
    return places.stream().filter(place -> !place.isDeleted()).map(Place::part);
  }

  /** How many parts have one of the serials. */
  long count(Set<String> serials) {
    return places.stream().filter(place -> serials.contains(place.part().serial())).count();
  }

  /** Leaves of parts only their place, and adds their times to others. */
  void delete(Predicate<Part> gone, Spans times) {
    for (int i = 0; i < places.size(); i++) {
      Part part = places.get(i).part();
      if (gone.test(part)) {
        times.add(part.begin(), part.end());
        newest.remove(part.serial(), part.ordinal());
        places.set(i, places.get(i).deleted());
      }
    }
  }

  /**
   * Forgets the parts below an ordinal.
   *
   * @return how many
   */
  int dropBefore(long ordinal) {
    int parts = (int) (ordinal - firstOrdinal);
    for (Place place : places.subList(0, parts)) {
      newest.remove(place.part().serial(), place.part().ordinal());
    }
    places.subList(0, parts).clear();
    firstOrdinal = ordinal;
    return parts;
  }

  /** End of the newest part among those that are not deleted. */
  Optional<Instant> newestEnd() {
    return newestEnd(places.size());
  }

  /** End of the newest part below an ordinal among those that are not deleted. */
  Optional<Instant> newestEndBefore(long ordinal) {
    return newestEnd((int) (ordinal - firstOrdinal));
  }

  private Optional<Instant> newestEnd(int to) {
    for (int i = to - 1; i >= 0; i--) {
      if (!places.get(i).isDeleted()) {
        return Optional.of(places.get(i).part().end());
      }
    }
    return Optional.empty();
  }
}
