// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.store.internal;

import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/** A set of times: the union of spans, each with its begin and without its end. */
final class Spans {
  private final TreeMap<Instant, Instant> union = new TreeMap<>();

  void add(Instant begin, Instant end) {
    Instant from = begin;
    Instant to = end;
    Map.Entry<Instant, Instant> near = union.floorEntry(to);
    while (near != null && !near.getValue().isBefore(from)) {
      from = near.getKey().isBefore(from) ? near.getKey() : from;
      to = near.getValue().isAfter(to) ? near.getValue() : to;
      union.remove(near.getKey());
      near = union.floorEntry(to);
    }
    if (from.isBefore(to)) {
      union.put(from, to);
    }
  }

  boolean holds(Instant time) {
    Map.Entry<Instant, Instant> span = union.floorEntry(time);
    return span != null && time.isBefore(span.getValue());
  }
}
