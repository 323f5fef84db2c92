// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.fedwerk.api.Digest;
import org.fedwerk.api.coordinator.Coordination;
import org.fedwerk.api.store.Journal;
import org.fedwerk.coordinator.internal.bytes.StateReader;
import org.fedwerk.coordinator.internal.bytes.StateWriter;
import org.fedwerk.coordinator.internal.round.Event;
import org.fedwerk.coordinator.internal.round.EventCodec;
import org.fedwerk.coordinator.internal.round.Place;
import org.fedwerk.coordinator.internal.round.RoundEngine;
import org.fedwerk.coordinator.internal.round.RoundState;
import org.fedwerk.coordinator.internal.round.State;

/** A task's events on disk. */
final class TaskJournal {
  /**
   * When an attempt was announced, by the wall clock: for people, and for durations over restarts.
   */
  private static final int OPENED = EventCodec.OTHER;

  private final Journal journal;

  TaskJournal(Journal journal) {
    this.journal = journal;
  }

  /**
   * What the journal says.
   *
   * @param state the state that the events add up to
   * @param replies blobs of replies that events name
   * @param products blobs of products that events name
   * @param opened when attempts were announced
   * @param acts what persons ordered, oldest first
   */
  record Replayed(
      State state,
      Set<Digest> replies,
      Set<Digest> products,
      Map<Place, Instant> opened,
      List<Coordination.Act> acts) {}

  /** An order for people, with the place at which it was given. */
  static Coordination.Act act(RoundState before, Event.Order order) {
    return new Coordination.Act(
        before.place().round(),
        before.place().attempt(),
        Orders.word(order),
        order.by(),
        Instant.ofEpochMilli(order.when()),
        Orders.reason(order));
  }

  Replayed replay(RoundEngine engine) {
    Set<Digest> replies = new LinkedHashSet<>();
    Set<Digest> products = new LinkedHashSet<>();
    Map<Place, Instant> opened = new HashMap<>();
    List<Coordination.Act> acts = new ArrayList<>();
    State[] state = {engine.initial()};
    journal.replay(
        journal.first(),
        (sequence, bytes) -> {
          StateReader in = new StateReader("a round journal", bytes);
          if (in.type() == OPENED) {
            Place place = new Place(in.integer(), in.integer(), 0);
            opened.putIfAbsent(place, Instant.ofEpochMilli(in.number()));
            return;
          }
          Event.Durable event = EventCodec.decode(in);
          if (event instanceof Event.ReplyComplete complete) {
            replies.add(complete.reply().record());
          } else if (event instanceof Event.Folded folded) {
            products.add(folded.product());
          } else if (event instanceof Event.Order order) {
            acts.add(act(state[0].round(), order));
          }
          state[0] = engine.step(state[0], event).state();
        });
    return new Replayed(state[0], replies, products, opened, acts);
  }

  /** Keeps an event; when this returns, it survives a power loss. */
  void append(Event.Durable event) {
    journal.append(EventCodec.encode(event));
    journal.force();
  }

  void opened(Place place, Instant when) {
    StateWriter out = new StateWriter(OPENED).number(place.round()).number(place.attempt());
    journal.append(out.number(when.toEpochMilli()).record());
  }
}
