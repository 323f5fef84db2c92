// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal.round;

import org.fedwerk.coordinator.internal.bytes.StateReader;
import org.fedwerk.coordinator.internal.bytes.StateWriter;

/** Durable events as journal records. A type number is never used again for anything else. */
public final class EventCodec {
  private static final int READY = 1;
  private static final int LEFT = 2;
  private static final int COMPLETE = 3;
  private static final int STALLED = 4;
  private static final int BACK = 5;
  private static final int OVERDUE = 6;
  private static final int RETRY = 7;
  private static final int FOLDED = 8;
  private static final int FOLD_FAILED = 9;
  private static final int COMMITTED = 10;
  private static final int PAUSED = 11;
  private static final int RESUMED = 12;
  private static final int ABORTED = 13;
  private static final int RETRIED = 14;
  private static final int CHOSEN = 15;
  private static final int ASKED = 16;

  /** Type numbers from here on are free for other records in the same journal. */
  public static final int OTHER = 64;

  private EventCodec() {}

  /** The record of an event. */
  public static byte[] encode(Event.Durable event) {
    if (event instanceof Event.SiteReady e) {
      StateWriter writer = begin(READY, e).text(e.site()).number(e.sequence());
      return writer.flag(e.willing()).number(e.examples()).record();
    } else if (event instanceof Event.SiteLeft e) {
      StateWriter writer = place(begin(LEFT, e), e.place()).text(e.site()).number(e.sequence());
      return writer.flag(e.wholeTask()).text(e.reason()).record();
    } else if (event instanceof Event.ReplyComplete e) {
      StateWriter writer = place(begin(COMPLETE, e), e.place()).text(e.reply().site());
      return writer.digest(e.reply().manifest()).digest(e.reply().record()).record();
    } else if (event instanceof Event.SiteStalled e) {
      return place(begin(STALLED, e), e.place()).text(e.site()).record();
    } else if (event instanceof Event.SiteBack e) {
      return begin(BACK, e).text(e.site()).record();
    } else if (event instanceof Event.PhaseOverdue e) {
      return place(begin(OVERDUE, e), e.place()).record();
    } else if (event instanceof Event.RetryDue e) {
      return place(begin(RETRY, e), e.place()).record();
    } else if (event instanceof Event.Folded e) {
      StateWriter writer = place(begin(FOLDED, e), e.place()).digest(e.product());
      return (e.last() == 1 ? writer : writer.number(e.last())).record();
    } else if (event instanceof Event.FoldFailed e) {
      return place(begin(FOLD_FAILED, e), e.place()).text(e.reason()).record();
    } else if (event instanceof Event.Committed e) {
      StateWriter writer = begin(COMMITTED, e).number(e.round());
      return writer.maybe(e.next(), StateWriter::text).record();
    } else if (event instanceof Event.CohortChosen e) {
      return place(begin(CHOSEN, e), e.place()).list(e.cohort(), StateWriter::text).record();
    } else if (event instanceof Event.RoundsAsked e) {
      return begin(ASKED, e).text(e.site()).number(e.sequence()).number(e.round()).record();
    } else if (event instanceof Event.Paused e) {
      return order(begin(PAUSED, e), e).record();
    } else if (event instanceof Event.Resumed e) {
      return order(begin(RESUMED, e), e).record();
    } else if (event instanceof Event.Aborted e) {
      return order(begin(ABORTED, e), e).text(e.reason()).record();
    } else if (event instanceof Event.Retried e) {
      return order(begin(RETRIED, e), e).record();
    }
    throw new IllegalArgumentException("no record is defined for " + event);
  }

  /**
   * The event of a record.
   *
   * @throws IllegalStateException if the record is of a kind this program does not know
   */
  public static Event.Durable decode(StateReader in) {
    long at = in.number();
    return switch (in.type()) {
      case READY -> new Event.SiteReady(at, in.text(), in.number(), in.flag(), in.integer());
      case LEFT -> {
        Place place = place(in);
        yield new Event.SiteLeft(at, in.text(), in.number(), place, in.flag(), in.text());
      }
      case COMPLETE ->
          new Event.ReplyComplete(at, place(in), new Reply(in.text(), in.digest(), in.digest()));
      case STALLED -> new Event.SiteStalled(at, place(in), in.text());
      case BACK -> new Event.SiteBack(at, in.text());
      case OVERDUE -> new Event.PhaseOverdue(at, place(in));
      case RETRY -> new Event.RetryDue(at, place(in));
      case FOLDED -> new Event.Folded(at, place(in), in.digest(), in.isAtEnd() ? 1 : in.integer());
      case FOLD_FAILED -> new Event.FoldFailed(at, place(in), in.text());
      case COMMITTED -> new Event.Committed(at, in.integer(), in.maybe(StateReader::text));
      case CHOSEN -> new Event.CohortChosen(at, place(in), in.list(StateReader::text));
      case ASKED -> new Event.RoundsAsked(at, in.text(), in.number(), in.integer());
      case PAUSED -> new Event.Paused(at, in.text(), in.number());
      case RESUMED -> new Event.Resumed(at, in.text(), in.number());
      case ABORTED -> new Event.Aborted(at, in.text(), in.number(), in.text());
      case RETRIED -> new Event.Retried(at, in.text(), in.number());
      default ->
          throw new IllegalStateException(
              "a round journal holds a record of unknown type "
                  + in.type()
                  + "; start the newer program again or restore a backup");
    };
  }

  private static StateWriter begin(int type, Event event) {
    return new StateWriter(type).number(event.at());
  }

  private static StateWriter order(StateWriter out, Event.Order order) {
    return out.text(order.by()).number(order.when());
  }

  private static StateWriter place(StateWriter out, Place place) {
    return out.number(place.round()).number(place.attempt()).number(place.phase());
  }

  private static Place place(StateReader in) {
    return new Place(in.integer(), in.integer(), in.integer());
  }
}
