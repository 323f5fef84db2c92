// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.schedule;

import java.util.HashSet;
import java.util.Set;
import java.util.TreeMap;
import org.fedwerk.api.Digest;
import org.fedwerk.api.store.Journal;
import org.fedwerk.coordinator.internal.bytes.StateReader;
import org.fedwerk.coordinator.internal.round.Event;
import org.fedwerk.coordinator.internal.round.EventCodec;
import org.fedwerk.coordinator.internal.round.Place;
import org.fedwerk.sim.fault.MemoryStorage;

/** What the coordinator's disk says of a task, read past the coordinator. */
final class RoundsOnDisk {
  private static final int ROUND = 2;

  private final Journal events;
  private final Journal history;
  private long eventsRead;
  private long historyRead;

  /** Site and manifest of replies that are journaled. */
  final Set<String> replies = new HashSet<>();

  final Set<Place> folded = new HashSet<>();
  final Set<Integer> committed = new HashSet<>();

  /** Rows of the run history per round. */
  final TreeMap<Integer, Integer> rows = new TreeMap<>();

  /** Rounds in the order of their rows. */
  int newestRow;

  /** True once a row came that does not follow the one before. */
  boolean outOfOrder;

  RoundsOnDisk(MemoryStorage disk, Digest task) {
    String folder = "coordinator/" + task.brief();
    events = disk.journal(folder + "/rounds");
    history = disk.journal(folder + "/history");
  }

  /** Reads what is new. */
  void read() {
    if (events.last() > eventsRead) {
      events.replay(eventsRead + 1, (sequence, record) -> event(record));
      eventsRead = events.last();
    }
    if (history.last() > historyRead) {
      history.replay(historyRead + 1, (sequence, record) -> row(record));
      historyRead = history.last();
    }
  }

  private void event(byte[] record) {
    StateReader in = new StateReader("a round journal", record);
    if (in.type() >= EventCodec.OTHER) {
      return;
    }
    Event.Durable event = EventCodec.decode(in);
    if (event instanceof Event.ReplyComplete complete) {
      replies.add(reply(complete.reply().site(), complete.reply().manifest()));
    } else if (event instanceof Event.Folded done) {
      folded.add(done.place());
    } else if (event instanceof Event.Committed done) {
      committed.add(done.round());
    }
  }

  private void row(byte[] record) {
    StateReader in = new StateReader("a run history", record);
    if (in.type() != ROUND) {
      return;
    }
    in.digest();
    int round = in.integer();
    rows.merge(round, 1, Integer::sum);
    outOfOrder |= round != newestRow + 1;
    newestRow = round;
  }

  static String reply(String site, Digest manifest) {
    return site + " " + manifest.hex();
  }
}
