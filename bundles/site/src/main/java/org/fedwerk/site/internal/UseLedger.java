// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.fedwerk.api.Digest;
import org.fedwerk.api.site.SiteAgent.UsedExample;
import org.fedwerk.site.internal.ManifestBook.UseManifest;

/**
 * For each part which phases of which tasks have read it, folded from manifests, which themselves
 * do not last as long. Phases that follow each other at this site are one use. For one thread at a
 * time.
 */
final class UseLedger {
  /** The parts whose last use is longest ago go first. */
  private static final int MOST_PARTS = 500_000;

  private final Map<String, List<Use>> uses = new LinkedHashMap<>();
  private final Map<String, Integer> newestRound = new HashMap<>();

  /** Adds what a manifest says; adding it again changes nothing. */
  void add(UseManifest manifest) {
    Digest task = manifest.key().task();
    int round = manifest.key().round();
    String slot = task.hex() + " " + manifest.request();
    int before = newestRound.getOrDefault(slot, round);
    newestRound.put(slot, Math.max(before, round));
    Map<Use, Use> grown = new HashMap<>(); // rows of one history share it
    Use fresh = new Use(task, manifest.request(), round, round);
    for (UsedExample example : manifest.examples()) {
      if (!example.serial().isEmpty()) {
        List<Use> list = uses.remove(example.serial());
        list = list == null ? new ArrayList<>(3) : list;
        extend(list, fresh, before, grown);
        uses.put(example.serial(), list);
      }
    }
    for (var each = uses.keySet().iterator(); uses.size() > MOST_PARTS && each.hasNext(); ) {
      each.next();
      each.remove();
    }
  }

  private static void extend(List<Use> list, Use fresh, int before, Map<Use, Use> grown) {
    for (int i = 0; i < list.size(); i++) {
      Use known = list.get(i);
      if (known.isBy(fresh.task(), fresh.request())) {
        if (known.first() <= fresh.first() && fresh.first() <= known.last()) {
          return;
        }
        if (known.last() >= before && fresh.first() > known.last()) {
          list.set(
              i,
              grown.computeIfAbsent(
                  known, use -> new Use(use.task(), use.request(), use.first(), fresh.last())));
          return;
        }
      }
    }
    list.add(fresh);
  }

  /** How many of some parts each use has read. */
  Map<Use, Integer> of(Predicate<String> serials) {
    Map<Use, Integer> counts = new LinkedHashMap<>();
    uses.forEach(
        (serial, list) -> {
          if (serials.test(serial)) {
            list.forEach(use -> counts.merge(use, 1, Integer::sum));
          }
        });
    return counts;
  }

  /** Forgets parts. @return true if there was one */
  boolean forget(Predicate<String> deleted) {
    return uses.keySet().removeIf(deleted);
  }

  /** Writes everything, parts with the same uses together. */
  StateWriter write(StateWriter out) {
    Map<List<Use>, List<String>> groups = new LinkedHashMap<>();
    uses.forEach(
        (serial, list) ->
            groups.computeIfAbsent(List.copyOf(list), l -> new ArrayList<>()).add(serial));
    List<Map.Entry<List<Use>, List<String>>> entries = new ArrayList<>(groups.entrySet());
    return out.list(
            new ArrayList<>(new TreeMap<>(newestRound).entrySet()),
            (w, each) -> w.text(each.getKey()).number(each.getValue()))
        .list(
            entries,
            (w, each) ->
                w.list(each.getKey(), UseLedger::use).list(each.getValue(), StateWriter::text));
  }

  private static void use(StateWriter out, Use use) {
    out.digest(use.task()).text(use.request()).number(use.first()).number(use.last());
  }

  /** Reads what was written, in the place of what is here. */
  void read(StateReader in) {
    uses.clear();
    newestRound.clear();
    in.list(r -> Map.entry(r.text(), r.integer()))
        .forEach(each -> newestRound.put(each.getKey(), each.getValue()));
    in.list(
        r -> {
          List<Use> list = r.list(u -> new Use(u.digest(), u.text(), u.integer(), u.integer()));
          r.list(StateReader::text).forEach(serial -> uses.put(serial, new ArrayList<>(list)));
          return list;
        });
  }
}
