// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal.round;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What each durable event changes. Events about a place that is over change nothing. */
final class Transition {
  private final RoundDraft draft;

  Transition(Rules rules, State before, long at) {
    draft = new RoundDraft(rules, before, at);
  }

  Step step() {
    return draft.step();
  }

  void ready(Event.SiteReady event) {
    if (isOld(event.site(), event.sequence())) {
      return;
    }
    boolean eligible = event.willing() && event.examples() >= draft.rules.examplesLeast();
    boolean changed = eligible ? draft.ready.add(event.site()) : draft.ready.remove(event.site());
    changed |= draft.away.remove(event.site());
    changed |= draft.resting.remove(event.site()) != null;
    if (changed) {
      draft.heard.put(event.site(), event.sequence());
      draft.openIfEnough();
      if (draft.joinReady()) {
        draft.effects.add(new Effect.Inform(draft.place));
      }
    }
  }

  void left(Event.SiteLeft event) {
    boolean here =
        event.place().round() == draft.place.round()
            && event.place().attempt() == draft.place.attempt()
            && draft.cohort.contains(event.site());
    if (isOld(event.site(), event.sequence())) {
      return;
    }
    boolean changed = event.wholeTask() && draft.ready.remove(event.site());
    if (here || (event.wholeTask() && draft.cohort.contains(event.site()))) {
      changed |= draft.left.put(event.site(), event.reason()) == null;
    }
    if (changed) {
      draft.heard.put(event.site(), event.sequence());
      draft.settle(false);
    }
  }

  void complete(Event.ReplyComplete event) {
    Reply reply = event.reply();
    Reply first = draft.before.round().counted(event.place(), reply.site()).orElse(null);
    if (first != null) {
      draft.effects.add(
          first.manifest().equals(reply.manifest())
              ? new Effect.Accept(event.place(), first)
              : new Effect.Refuse(
                  event.place(), reply, "another reply to this phase counts already"));
    } else if (draft.late.owes(event.place(), reply.site())) {
      late(event);
    } else if (!event.place().equals(draft.place) || draft.stage != Stage.COLLECTING) {
      draft.effects.add(new Effect.Refuse(event.place(), reply, "over"));
    } else if (!draft.cohort.contains(reply.site())) {
      draft.effects.add(new Effect.Refuse(draft.place, reply, "not in the cohort"));
    } else {
      draft.replies.put(reply.site(), reply);
      draft.away.remove(reply.site());
      draft.effects.add(new Effect.Accept(draft.place, reply));
      draft.settle(false);
    }
  }

  /** The phase is over, and the site may still answer it. */
  private void late(Event.ReplyComplete event) {
    int behind = nextFold() - event.place().round();
    int most = draft.protocol().phase(event.place().phase()).lateMost();
    if (behind > most) {
      draft.effects.add(
          new Effect.Refuse(
              event.place(),
              event.reply(),
              "over: " + behind + " versions behind, the task takes " + most));
      return;
    }
    draft.late = draft.late.with(new Late.Kept(event.place(), event.reply()));
    draft.away.remove(event.reply().site());
    draft.effects.add(new Effect.Accept(event.place(), event.reply()));
    draft.openIfEnough();
    draft.settle(false);
  }

  /** The round whose fold takes what comes late now. */
  private int nextFold() {
    boolean open =
        draft.stage == Stage.WAITING
            || (draft.stage == Stage.COLLECTING && draft.phase().takesLate());
    return open ? draft.place.round() : draft.place.round() + 1;
  }

  void stalled(Event.SiteStalled event) {
    if (event.place().equals(draft.place) && draft.round().outstanding().contains(event.site())) {
      draft.away.add(event.site());
      draft.settle(false);
    }
  }

  void back(Event.SiteBack event) {
    if (draft.away.remove(event.site())) {
      Map<String, Long> seen = new TreeMap<>(draft.live.seen());
      seen.put(event.site(), draft.at);
      draft.live = new Liveness(draft.live.since(), seen);
      draft.openIfEnough();
    }
  }

  void overdue(Event.PhaseOverdue event) {
    if (event.place().equals(draft.place)) {
      draft.settle(true);
    }
  }

  void retry(Event.RetryDue event) {
    if (event.place().equals(draft.place) && draft.stage == Stage.WAITING) {
      draft.resting.clear();
      draft.openIfEnough();
    }
  }

  void folded(Event.Folded event) {
    if (!event.place().equals(draft.place) || draft.stage != Stage.FOLDING) {
      return;
    }
    draft.closed.add(
        new Closed(List.copyOf(draft.replies.values()), event.product(), draft.missing()));
    draft.replies = new TreeMap<>();
    draft.failedFolds = 0;
    draft.last = event.last();
    if (draft.place.phase() + 1 < draft.protocol().count(draft.last)) {
      Place next = new Place(draft.place.round(), draft.place.attempt(), draft.place.phase() + 1);
      if (draft.pausedBy.isEmpty()) {
        draft.open(next);
      } else {
        draft.place = next;
        draft.stage = Stage.HELD;
        draft.effects.add(new Effect.Inform(draft.place));
      }
    } else {
      draft.stage = Stage.COMMITTING;
      draft.effects.add(
          new Effect.Commit(draft.place, draft.protocol, draft.cohort, List.copyOf(draft.closed)));
    }
  }

  void foldFailed(Event.FoldFailed event) {
    if (!event.place().equals(draft.place) || draft.stage != Stage.FOLDING) {
      return;
    }
    draft.failedFolds++;
    if (draft.failedFolds >= draft.rules.failedFoldsMost()) {
      draft.end(Stage.FAILED, event.reason());
    } else {
      draft.failAttempt(event.reason());
    }
  }

  void committed(Event.Committed event) {
    if (event.round() != draft.place.round() || draft.stage != Stage.COMMITTING) {
      return;
    }
    draft.discard(false);
    draft.problem = "";
    commitLate(event);
    if (event.next().isEmpty()) {
      draft.stage = Stage.FINISHED;
      draft.pausedBy = "";
      draft.effects.add(new Effect.Finish(draft.behind(), draft.cohort));
    } else {
      draft.protocol = event.next().get();
      draft.resting.clear();
      draft.await(new Place(draft.place.round() + 1, 1, 0));
    }
  }

  /** What the round's fold took of late replies counts now; the rest waits for the next one. */
  private void commitLate(Event.Committed event) {
    int most =
        event.next().map(next -> draft.rules.protocol(next).lateMost()).orElse(Phase.NONE_LATE);
    List<Reply> unneeded = draft.late.taken().stream().map(Late.Kept::reply).toList();
    draft.late = draft.late.committed(draft.place.round() + 1 - most);
    if (!unneeded.isEmpty()) {
      draft.effects.add(new Effect.Discard(unneeded, List.of()));
    }
    if (most == Phase.NONE_LATE) {
      draft.forgetLate();
    }
  }

  void chosen(Event.CohortChosen event) {
    List<String> among = draft.rules.candidates(draft.round(), draft.phase()).orElse(List.of());
    if (event.place().equals(draft.place)
        && !event.cohort().isEmpty()
        && among.containsAll(event.cohort())) {
      draft.begin(event.cohort());
    }
  }

  /** A task that has ended goes on once enough sites ask for it. */
  void asked(Event.RoundsAsked event) {
    boolean counts =
        draft.stage == Stage.FINISHED
            && draft.rules.askingLeast() > 0
            && event.round() == draft.place.round()
            && draft.ready.contains(event.site());
    if (!counts || isOld(event.site(), event.sequence()) || !draft.asking.add(event.site())) {
      return;
    }
    draft.heard.put(event.site(), event.sequence());
    if (draft.asking.size() >= draft.rules.askingLeast()) {
      draft.asking.clear();
      draft.protocol = draft.rules.again();
      draft.await(new Place(draft.place.round() + 1, 1, 0));
      if (draft.stage == Stage.WAITING) {
        draft.effects.add(0, new Effect.Inform(draft.place));
      }
    }
  }

  void paused(Event.Paused event) {
    if (!draft.round().isOver() && draft.pausedBy.isEmpty()) {
      draft.pausedBy = event.by();
      draft.effects.add(new Effect.Inform(draft.place));
    }
  }

  void resumed() {
    if (draft.pausedBy.isEmpty()) {
      return;
    }
    draft.pausedBy = "";
    draft.live = new Liveness(draft.at, Map.of());
    if (draft.stage == Stage.HELD) {
      draft.open(draft.place);
    } else if (draft.stage == Stage.WAITING) {
      draft.openIfEnough();
    } else {
      var unused = draft.joinReady();
    }
    if (draft.stage == draft.before.round().stage()) {
      draft.effects.add(0, new Effect.Inform(draft.place));
    }
  }

  /** A round that is being committed stands; what comes of it is heard first. */
  void aborted(Event.Aborted event) {
    if (draft.round().isOver() || draft.stage == Stage.COMMITTING) {
      return;
    }
    String reason = event.reason().isEmpty() ? "" : ": " + event.reason();
    draft.end(Stage.ABORTED, "aborted by " + event.by() + reason);
  }

  void retried() {
    if (draft.stage != Stage.FAILED && draft.stage != Stage.ABORTED) {
      return;
    }
    draft.failedFolds = 0;
    draft.problem = "";
    draft.resting.clear();
    draft.await(new Place(draft.place.round(), draft.place.attempt() + 1, 0));
    if (draft.stage == Stage.WAITING) {
      draft.effects.add(0, new Effect.Inform(draft.place));
    }
  }

  private boolean isOld(String site, long sequence) {
    return sequence <= draft.heard.getOrDefault(site, Long.MIN_VALUE);
  }
}
