// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal.round;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.fedwerk.api.Digest;

/**
 * One step in the making: a copy of the state that one durable event changes. Events about a place
 * that is over change nothing.
 */
final class Transition {
  private final Rules rules;
  private final State before;
  private final long at;
  private final List<Effect> effects = new ArrayList<>();

  private final TreeSet<String> ready;
  private final TreeSet<String> away;
  private final TreeMap<String, Long> heard;
  private String protocol;
  private Place place;
  private Stage stage;
  private List<String> cohort;
  private TreeMap<String, String> left;
  private TreeMap<String, String> resting;
  private TreeMap<String, Reply> replies;
  private List<Closed> closed;
  private int failedFolds;
  private String problem;
  private String pausedBy;
  private Liveness live;
  private Late late;

  Transition(Rules rules, State before, long at) {
    this.rules = rules;
    this.before = before;
    this.at = at;
    RoundState round = before.round();
    ready = new TreeSet<>(round.ready());
    away = new TreeSet<>(round.away());
    heard = new TreeMap<>(round.heard());
    protocol = round.protocol();
    place = round.place();
    stage = round.stage();
    cohort = round.cohort();
    left = new TreeMap<>(round.left());
    resting = new TreeMap<>(round.resting());
    replies = new TreeMap<>(round.replies());
    closed = new ArrayList<>(round.closed());
    failedFolds = round.failedFolds();
    problem = round.problem();
    pausedBy = round.pausedBy();
    live = before.live();
    late = round.late();
  }

  Step step() {
    RoundState round = round();
    return new Step(
        new State(round.equals(before.round()) ? before.round() : round, live), effects);
  }

  void ready(Event.SiteReady event) {
    if (isOld(event.site(), event.sequence())) {
      return;
    }
    boolean eligible = event.willing() && event.examples() >= rules.examplesLeast();
    boolean changed = eligible ? ready.add(event.site()) : ready.remove(event.site());
    changed |= away.remove(event.site());
    changed |= resting.remove(event.site()) != null;
    if (changed) {
      heard.put(event.site(), event.sequence());
      openIfEnough();
      if (joinReady()) {
        effects.add(new Effect.Inform(place));
      }
    }
  }

  void left(Event.SiteLeft event) {
    boolean here =
        event.place().round() == place.round()
            && event.place().attempt() == place.attempt()
            && cohort.contains(event.site());
    if (isOld(event.site(), event.sequence())) {
      return;
    }
    boolean changed = event.wholeTask() && ready.remove(event.site());
    if (here || (event.wholeTask() && cohort.contains(event.site()))) {
      changed |= left.put(event.site(), event.reason()) == null;
    }
    if (changed) {
      heard.put(event.site(), event.sequence());
      settle(false);
    }
  }

  void complete(Event.ReplyComplete event) {
    Reply reply = event.reply();
    Reply first = before.round().counted(event.place(), reply.site()).orElse(null);
    if (first != null) {
      effects.add(
          first.manifest().equals(reply.manifest())
              ? new Effect.Accept(event.place(), first)
              : new Effect.Refuse(
                  event.place(), reply, "another reply to this phase counts already"));
    } else if (late.owes(event.place(), reply.site())) {
      late(event);
    } else if (!event.place().equals(place) || stage != Stage.COLLECTING) {
      effects.add(new Effect.Refuse(event.place(), reply, "over"));
    } else if (!cohort.contains(reply.site())) {
      effects.add(new Effect.Refuse(place, reply, "not in the cohort"));
    } else {
      replies.put(reply.site(), reply);
      away.remove(reply.site());
      effects.add(new Effect.Accept(place, reply));
      settle(false);
    }
  }

  /** The phase is over, and the site may still answer it. */
  private void late(Event.ReplyComplete event) {
    int behind = nextFold() - event.place().round();
    int most = protocol().phases().get(event.place().phase()).lateMost();
    if (behind > most) {
      effects.add(
          new Effect.Refuse(
              event.place(),
              event.reply(),
              "over: " + behind + " versions behind, the task takes " + most));
      return;
    }
    late = late.with(new Late.Kept(event.place(), event.reply()));
    away.remove(event.reply().site());
    effects.add(new Effect.Accept(event.place(), event.reply()));
    openIfEnough();
    settle(false);
  }

  /** The round whose fold takes what comes late now. */
  private int nextFold() {
    boolean open = stage == Stage.WAITING || (stage == Stage.COLLECTING && phase().takesLate());
    return open ? place.round() : place.round() + 1;
  }

  /** Lets ready sites into an open phase that waits for nobody in particular. */
  private boolean joinReady() {
    if (stage != Stage.COLLECTING || !phase().isBuffered() || !pausedBy.isEmpty()) {
      return false;
    }
    TreeSet<String> all = new TreeSet<>(cohort);
    boolean more = all.addAll(ready);
    cohort = List.copyOf(all);
    return more;
  }

  void stalled(Event.SiteStalled event) {
    if (event.place().equals(place) && round().outstanding().contains(event.site())) {
      away.add(event.site());
      settle(false);
    }
  }

  void back(Event.SiteBack event) {
    if (away.remove(event.site())) {
      Map<String, Long> seen = new TreeMap<>(live.seen());
      seen.put(event.site(), at);
      live = new Liveness(live.since(), seen);
      openIfEnough();
    }
  }

  void overdue(Event.PhaseOverdue event) {
    if (event.place().equals(place)) {
      settle(true);
    }
  }

  void retry(Event.RetryDue event) {
    if (event.place().equals(place) && stage == Stage.WAITING) {
      resting.clear();
      openIfEnough();
    }
  }

  void folded(Event.Folded event) {
    if (!event.place().equals(place) || stage != Stage.FOLDING) {
      return;
    }
    closed.add(new Closed(List.copyOf(replies.values()), event.product(), missing()));
    replies = new TreeMap<>();
    failedFolds = 0;
    if (place.phase() + 1 < protocol().phases().size()) {
      Place next = new Place(place.round(), place.attempt(), place.phase() + 1);
      if (pausedBy.isEmpty()) {
        open(next);
      } else {
        place = next;
        stage = Stage.HELD;
        effects.add(new Effect.Inform(place));
      }
    } else {
      stage = Stage.COMMITTING;
      effects.add(new Effect.Commit(place, protocol, cohort, List.copyOf(closed)));
    }
  }

  void foldFailed(Event.FoldFailed event) {
    if (!event.place().equals(place) || stage != Stage.FOLDING) {
      return;
    }
    failedFolds++;
    if (failedFolds >= rules.failedFoldsMost()) {
      discard(true);
      replies = new TreeMap<>();
      closed = new ArrayList<>();
      late = late.withoutRound(place.round());
      forgetLate();
      stage = Stage.FAILED;
      problem = event.reason();
      pausedBy = "";
      effects.add(new Effect.Fail(behind(), problem));
    } else {
      failAttempt(event.reason());
    }
  }

  void committed(Event.Committed event) {
    if (event.round() != place.round() || stage != Stage.COMMITTING) {
      return;
    }
    discard(false);
    problem = "";
    commitLate(event);
    if (event.next().isEmpty()) {
      stage = Stage.FINISHED;
      pausedBy = "";
      effects.add(new Effect.Finish(behind(), cohort));
    } else {
      protocol = event.next().get();
      resting.clear();
      await(new Place(place.round() + 1, 1, 0));
    }
  }

  /** What the round's fold took of late replies counts now; the rest waits for the next one. */
  private void commitLate(Event.Committed event) {
    int most = event.next().map(next -> rules.protocol(next).lateMost()).orElse(Phase.NONE_LATE);
    List<Reply> unneeded = late.taken().stream().map(Late.Kept::reply).toList();
    late = late.committed(place.round() + 1 - most);
    if (!unneeded.isEmpty()) {
      effects.add(new Effect.Discard(unneeded, List.of()));
    }
    if (most == Phase.NONE_LATE) {
      forgetLate();
    }
  }

  /** No fold comes that could take anything late. */
  private void forgetLate() {
    List<Reply> unneeded = late.kept().stream().map(Late.Kept::reply).toList();
    late = Late.NONE;
    if (!unneeded.isEmpty()) {
      effects.add(new Effect.Discard(unneeded, List.of()));
    }
  }

  void chosen(Event.CohortChosen event) {
    List<String> among = rules.candidates(round(), phase()).orElse(List.of());
    if (event.place().equals(place)
        && !event.cohort().isEmpty()
        && among.containsAll(event.cohort())) {
      begin(event.cohort());
    }
  }

  void paused(Event.Paused event) {
    if (!round().isOver() && pausedBy.isEmpty()) {
      pausedBy = event.by();
      effects.add(new Effect.Inform(place));
    }
  }

  void resumed() {
    if (pausedBy.isEmpty()) {
      return;
    }
    pausedBy = "";
    live = new Liveness(at, Map.of());
    if (stage == Stage.HELD) {
      open(place);
    } else if (stage == Stage.WAITING) {
      openIfEnough();
    } else {
      var unused = joinReady();
    }
    if (stage == before.round().stage()) {
      effects.add(0, new Effect.Inform(place));
    }
  }

  /** A round that is being committed stands; what comes of it is heard first. */
  void aborted(Event.Aborted event) {
    if (round().isOver() || stage == Stage.COMMITTING) {
      return;
    }
    discard(true);
    replies = new TreeMap<>();
    closed = new ArrayList<>();
    late = late.withoutRound(place.round());
    forgetLate();
    stage = Stage.ABORTED;
    pausedBy = "";
    problem = "aborted by " + event.by() + (event.reason().isEmpty() ? "" : ": " + event.reason());
    effects.add(new Effect.Fail(behind(), problem));
  }

  void retried() {
    if (stage != Stage.FAILED && stage != Stage.ABORTED) {
      return;
    }
    failedFolds = 0;
    problem = "";
    resting.clear();
    await(new Place(place.round(), place.attempt() + 1, 0));
    if (stage == Stage.WAITING) {
      effects.add(0, new Effect.Inform(place));
    }
  }

  private Place behind() {
    return new Place(place.round(), place.attempt(), protocol().phases().size());
  }

  private boolean isOld(String site, long sequence) {
    return sequence <= heard.getOrDefault(site, Long.MIN_VALUE);
  }

  private Protocol protocol() {
    return rules.protocol(protocol);
  }

  private Phase phase() {
    return protocol().phases().get(place.phase());
  }

  private RoundState round() {
    return new RoundState(
        ready,
        away,
        heard,
        protocol,
        place,
        stage,
        cohort,
        left,
        resting,
        replies,
        closed,
        failedFolds,
        problem,
        pausedBy,
        late);
  }

  private TreeMap<String, String> missing() {
    TreeMap<String, String> missing = new TreeMap<>();
    for (String site : cohort) {
      if (!replies.containsKey(site)) {
        String stalled = away.contains(site) ? "stalled" : "no answer in time";
        missing.put(site, left.getOrDefault(site, stalled));
      }
    }
    return missing;
  }

  /** Closes the phase if nobody is waited for any more, or if time is up. */
  private void settle(boolean overdue) {
    if (stage != Stage.COLLECTING) {
      return;
    }
    int needed = phase().isBuffered() ? phase().buffer() : phase().needed(cohort.size());
    boolean enough = round().arrived(phase()) >= needed;
    boolean waits =
        phase().isBuffered()
            ? !enough && round().canReach(phase(), needed)
            : !overdue && !round().outstanding().isEmpty();
    if (waits) {
      return;
    }
    if (enough) {
      close();
    } else {
      failAttempt(
          "phase "
              + phase().name()
              + " of round "
              + place.round()
              + " had "
              + round().arrived(phase())
              + " of "
              + needed
              + " replies that it needs; missing: "
              + missing());
    }
  }

  private void close() {
    stage = Stage.FOLDING;
    List<Late.Kept> taken = List.of();
    if (phase().takesLate()) {
      TreeSet<String> missing = new TreeSet<>(cohort);
      missing.removeAll(replies.keySet());
      missing.removeAll(left.keySet());
      late = late.closing(place, missing);
      taken = late.taken();
    }
    effects.add(new Effect.Fold(place, phase(), List.copyOf(replies.values()), taken));
  }

  private void failAttempt(String reason) {
    discard(true);
    late = late.withoutRound(place.round());
    problem = reason;
    resting = new TreeMap<>(left);
    await(new Place(place.round(), place.attempt() + 1, 0));
  }

  private void await(Place next) {
    place = next;
    stage = Stage.WAITING;
    cohort = List.of();
    left = new TreeMap<>();
    replies = new TreeMap<>();
    closed = new ArrayList<>();
    live = new Liveness(at, Map.of());
    if (!pausedBy.isEmpty()) {
      effects.add(new Effect.Inform(place));
    }
    openIfEnough();
  }

  /** Opens the attempt that waits, once enough sites are ready and a quorum of them is there. */
  private void openIfEnough() {
    List<String> candidates = rules.candidates(round(), phase()).orElse(List.of());
    if (candidates.isEmpty()) {
      return;
    }
    if (protocol().chosen()) {
      effects.add(new Effect.Choose(place, candidates));
    } else {
      begin(candidates);
    }
  }

  private void begin(List<String> sites) {
    cohort = List.copyOf(sites);
    left = new TreeMap<>(resting);
    left.keySet().retainAll(cohort);
    resting.clear();
    open(place);
  }

  private void open(Place next) {
    place = next;
    stage = Stage.COLLECTING;
    replies = new TreeMap<>();
    live = new Liveness(at, Map.of());
    var unused = joinReady();
    effects.add(new Effect.Announce(place, protocol, phase(), cohort));
    settle(false);
  }

  /** Nobody needs this attempt's replies and products any more; those of a failed one neither. */
  private void discard(boolean failed) {
    List<Reply> gone = new ArrayList<>();
    List<Digest> products = new ArrayList<>();
    for (Closed phase : closed) {
      gone.addAll(phase.replies());
      products.add(phase.product());
    }
    if (failed) {
      gone.addAll(replies.values());
      gone.addAll(late.ofRound(place.round()));
    }
    effects.add(new Effect.Discard(gone, products));
  }
}
