// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal.round;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.fedwerk.api.Digest;

/**
 * A state in the making: a copy of the one before that is changed in place, and the moves from one
 * stage to the next with their effects. What an event changes is up to {@link Transition}.
 */
final class RoundDraft {
  final Rules rules;
  final State before;
  final long at;
  final List<Effect> effects = new ArrayList<>();

  final TreeSet<String> ready;
  final TreeSet<String> away;
  final TreeMap<String, Long> heard;
  String protocol;
  Place place;
  Stage stage;
  List<String> cohort;
  TreeMap<String, String> left;
  TreeMap<String, String> resting;
  TreeMap<String, Reply> replies;
  List<Closed> closed;
  int failedFolds;
  String problem;
  String pausedBy;
  Liveness live;
  Late late;
  final TreeSet<String> asking;
  int last;

  RoundDraft(Rules rules, State before, long at) {
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
    asking = new TreeSet<>(round.asking());
    last = round.last();
  }

  /** The state as it is now, with all effects. */
  Step step() {
    RoundState round = round();
    return new Step(
        new State(round.equals(before.round()) ? before.round() : round, live), effects);
  }

  RoundState round() {
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
        late,
        asking,
        last);
  }

  Protocol protocol() {
    return rules.protocol(protocol);
  }

  Phase phase() {
    return protocol().phase(place.phase());
  }

  /** Where a task stands that is over: behind its last phase. */
  Place behind() {
    return new Place(place.round(), place.attempt(), protocol().count(last));
  }

  /** Why each site of the cohort that has not answered has not. */
  TreeMap<String, String> missing() {
    TreeMap<String, String> missing = new TreeMap<>();
    for (String site : cohort) {
      if (!replies.containsKey(site)) {
        String stalled = away.contains(site) ? "stalled" : "no answer in time";
        missing.put(site, left.getOrDefault(site, stalled));
      }
    }
    return missing;
  }

  /** Opens the attempt that waits, once enough sites are ready and a quorum of them is there. */
  void openIfEnough() {
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

  /** Begins the attempt with a cohort. */
  void begin(List<String> sites) {
    cohort = List.copyOf(sites);
    left = new TreeMap<>(resting);
    left.keySet().retainAll(cohort);
    resting.clear();
    open(place);
  }

  /** Opens a phase. */
  void open(Place next) {
    place = next;
    stage = Stage.COLLECTING;
    replies = new TreeMap<>();
    live = new Liveness(at, Map.of());
    var unused = joinReady();
    effects.add(new Effect.Announce(place, protocol, phase(), cohort));
    settle(false);
  }

  /** Lets ready sites into an open phase that waits for nobody in particular. */
  boolean joinReady() {
    if (stage != Stage.COLLECTING || !phase().isBuffered() || !pausedBy.isEmpty()) {
      return false;
    }
    TreeSet<String> all = new TreeSet<>(cohort);
    boolean more = all.addAll(ready);
    cohort = List.copyOf(all);
    return more;
  }

  /** Closes the phase if nobody is waited for any more, or if time is up. */
  void settle(boolean overdue) {
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

  /** Gives this attempt up; the next one waits. */
  void failAttempt(String reason) {
    discard(true);
    late = late.withoutRound(place.round());
    problem = reason;
    resting = new TreeMap<>(left);
    await(new Place(place.round(), place.attempt() + 1, 0));
  }

  /** Waits for enough sites, or begins at once with those that are ready. */
  void await(Place next) {
    place = next;
    stage = Stage.WAITING;
    cohort = List.of();
    left = new TreeMap<>();
    replies = new TreeMap<>();
    closed = new ArrayList<>();
    last = 1;
    live = new Liveness(at, Map.of());
    if (!pausedBy.isEmpty()) {
      effects.add(new Effect.Inform(place));
    }
    openIfEnough();
  }

  /** The task ends here, unless a person has it tried again. */
  void end(Stage how, String reason) {
    discard(true);
    replies = new TreeMap<>();
    closed = new ArrayList<>();
    late = late.withoutRound(place.round());
    forgetLate();
    stage = how;
    problem = reason;
    pausedBy = "";
    effects.add(new Effect.Fail(behind(), problem));
  }

  /** No fold comes that could take anything late. */
  void forgetLate() {
    List<Reply> unneeded = late.kept().stream().map(Late.Kept::reply).toList();
    late = Late.NONE;
    if (!unneeded.isEmpty()) {
      effects.add(new Effect.Discard(unneeded, List.of()));
    }
  }

  /** Nobody needs this attempt's replies and products any more; those of a failed one neither. */
  void discard(boolean failed) {
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
