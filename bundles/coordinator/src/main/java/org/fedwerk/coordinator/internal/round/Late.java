// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal.round;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Replies that came, or may still come, when their phase was over. Each counts in one committed
 * round at most: it is owed, then kept, then done.
 *
 * @param owed per place the sites of its cohort that may still answer
 * @param kept those that came and are in no committed round yet, in the order of coming
 * @param joined how many of the kept ones, from the first, this attempt's fold took
 * @param done those in committed rounds, as long as a site may ask again
 */
public record Late(
    SortedMap<Place, SortedSet<String>> owed, List<Kept> kept, int joined, List<Kept> done) {
  /** Nothing is late. */
  public static final Late NONE = new Late(Collections.emptySortedMap(), List.of(), 0, List.of());

  /**
   * A late reply.
   *
   * @param place what it answers
   * @param reply what it says
   */
  public record Kept(Place place, Reply reply) {
    static final Comparator<Kept> ORDER =
        Comparator.comparing(Kept::place).thenComparing(kept -> kept.reply().site());

    boolean is(Place at, String site) {
      return place.equals(at) && reply.site().equals(site);
    }
  }

  public Late {
    TreeMap<Place, SortedSet<String>> copy = new TreeMap<>();
    owed.forEach(
        (place, sites) -> copy.put(place, Collections.unmodifiableSortedSet(new TreeSet<>(sites))));
    owed = Collections.unmodifiableSortedMap(copy);
    kept = List.copyOf(kept);
    done = List.copyOf(done);
  }

  /** True if a site may still answer at a place whose phase is over. */
  public boolean owes(Place place, String site) {
    SortedSet<String> sites = owed.get(place);
    return sites != null && sites.contains(site);
  }

  /** The late reply of a site that counts at a place. */
  Optional<Reply> counted(Place place, String site) {
    List<Kept> all = new ArrayList<>(kept);
    all.addAll(done);
    return all.stream().filter(each -> each.is(place, site)).map(Kept::reply).findFirst();
  }

  /** Those that the attempt's fold took, ascending by place and site. */
  List<Kept> taken() {
    return kept.subList(0, joined).stream().sorted(Kept.ORDER).toList();
  }

  /** A phase closes: these sites may still answer it, and what is kept goes into its fold. */
  Late closing(Place place, SortedSet<String> missing) {
    TreeMap<Place, SortedSet<String>> next = new TreeMap<>(owed);
    if (!missing.isEmpty()) {
      next.put(place, missing);
    }
    return new Late(next, kept, kept.size(), done);
  }

  /** A late reply came. */
  Late with(Kept reply) {
    TreeMap<Place, SortedSet<String>> next = new TreeMap<>(owed);
    next.computeIfPresent(
        reply.place(),
        (place, sites) -> {
          TreeSet<String> rest = new TreeSet<>(sites);
          rest.remove(reply.reply().site());
          return rest.isEmpty() ? null : rest;
        });
    List<Kept> more = new ArrayList<>(kept);
    more.add(reply);
    return new Late(next, more, joined, done);
  }

  /** An attempt failed: its own replies go with it, what it had taken waits for the next fold. */
  Late withoutRound(int round) {
    TreeMap<Place, SortedSet<String>> next = new TreeMap<>(owed);
    next.keySet().removeIf(place -> place.round() == round);
    return new Late(
        next, kept.stream().filter(each -> each.place().round() != round).toList(), 0, done);
  }

  /** What the failed attempt's replies were. */
  List<Reply> ofRound(int round) {
    return kept.stream().filter(each -> each.place().round() == round).map(Kept::reply).toList();
  }

  /**
   * The round was committed: what its fold took is done; what is too old for the next one is
   * forgotten.
   *
   * @param oldest first round whose replies may still come
   */
  Late committed(int oldest) {
    TreeMap<Place, SortedSet<String>> next = new TreeMap<>(owed);
    next.keySet().removeIf(place -> place.round() < oldest);
    List<Kept> more = new ArrayList<>(done);
    more.addAll(kept.subList(0, joined));
    more.removeIf(each -> each.place().round() < oldest);
    return new Late(next, kept.subList(joined, kept.size()), 0, more);
  }
}
