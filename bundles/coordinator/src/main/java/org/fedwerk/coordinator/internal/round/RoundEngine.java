// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal.round;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Runs rounds of any protocol: {@code step(state, event) -> (state, effects)}. It knows no phase by
 * name and reads no clock; events bring their time. Equal events give equal states, so the state is
 * rebuilt from the journaled events after a restart, and {@link #pending} says which effects may
 * not have run.
 */
public final class RoundEngine {
  private final Rules rules;

  /** An engine for one task. */
  public RoundEngine(Rules rules) {
    this.rules = rules;
  }

  /** Before the first event. */
  public State initial() {
    RoundState round =
        new RoundState(
            Collections.emptySortedSet(),
            Collections.emptySortedSet(),
            Collections.emptySortedMap(),
            rules.first(),
            new Place(1, 1, 0),
            Stage.WAITING,
            List.of(),
            Collections.emptySortedMap(),
            Collections.emptySortedMap(),
            Collections.emptySortedMap(),
            List.of(),
            0,
            "",
            "",
            Late.NONE,
            Collections.emptySortedSet(),
            1);
    return new State(round, new Liveness(0, Map.of()));
  }

  /** The phase that the state is in. */
  public Phase phase(RoundState state) {
    return rules.protocol(state.protocol()).phase(state.place().phase());
  }

  /** What follows from an event. */
  public Step step(State state, Event event) {
    Transition transition = new Transition(rules, state, event.at());
    if (event instanceof Event.SiteReady ready) {
      transition.ready(ready);
    } else if (event instanceof Event.SiteLeft left) {
      transition.left(left);
    } else if (event instanceof Event.ReplyComplete complete) {
      transition.complete(complete);
    } else if (event instanceof Event.SiteStalled stalled) {
      transition.stalled(stalled);
    } else if (event instanceof Event.SiteBack back) {
      transition.back(back);
    } else if (event instanceof Event.PhaseOverdue overdue) {
      transition.overdue(overdue);
    } else if (event instanceof Event.RetryDue retry) {
      transition.retry(retry);
    } else if (event instanceof Event.Folded folded) {
      transition.folded(folded);
    } else if (event instanceof Event.FoldFailed failed) {
      transition.foldFailed(failed);
    } else if (event instanceof Event.Committed committed) {
      transition.committed(committed);
    } else if (event instanceof Event.CohortChosen chosen) {
      transition.chosen(chosen);
    } else if (event instanceof Event.RoundsAsked asked) {
      transition.asked(asked);
    } else if (event instanceof Event.Paused paused) {
      transition.paused(paused);
    } else if (event instanceof Event.Resumed) {
      transition.resumed();
    } else if (event instanceof Event.Aborted aborted) {
      transition.aborted(aborted);
    } else if (event instanceof Event.Retried) {
      transition.retried();
    } else if (event instanceof Event.Spoke spoke) {
      return spoke(state, spoke);
    } else if (event instanceof Event.Tick tick) {
      return tick(state, tick);
    } else if (event instanceof Event.Restarted restarted) {
      return new Step(new State(state.round(), new Liveness(restarted.at(), Map.of())), List.of());
    }
    return transition.step();
  }

  /** Effects that the state still needs, whether or not they ran before a restart. */
  public List<Effect> pending(RoundState state) {
    Protocol protocol = rules.protocol(state.protocol());
    Place place = state.place();
    return switch (state.stage()) {
      case WAITING -> {
        List<Effect> waiting = new ArrayList<>();
        // Sites of a task that has ended say nothing of themselves before they hear that it goes
        // on.
        if (state.isPaused() || rules.askingLeast() > 0) {
          waiting.add(new Effect.Inform(place));
        }
        choice(state).ifPresent(waiting::add);
        yield waiting;
      }
      case HELD -> List.of(new Effect.Inform(place));
      case COLLECTING -> List.of(announce(state));
      case FOLDING ->
          List.of(
              announce(state),
              new Effect.Fold(
                  place,
                  phase(state),
                  List.copyOf(state.replies().values()),
                  state.late().taken()));
      case COMMITTING ->
          List.of(new Effect.Commit(place, protocol.name(), state.cohort(), state.closed()));
      case FINISHED -> List.of(new Effect.Finish(behind(state), state.cohort()));
      case FAILED, ABORTED -> List.of(new Effect.Fail(behind(state), state.problem()));
    };
  }

  /** One after every phase of the state's attempt. */
  public Place behind(RoundState state) {
    Place place = state.place();
    int phases = rules.protocol(state.protocol()).count(state.last());
    return new Place(place.round(), place.attempt(), phases);
  }

  /** The choice that the attempt waits for; empty if it waits for something else. */
  private Optional<Effect> choice(RoundState state) {
    return rules.protocol(state.protocol()).chosen()
        ? rules
            .candidates(state, phase(state))
            .map(sites -> new Effect.Choose(state.place(), sites))
        : Optional.empty();
  }

  private Effect announce(RoundState state) {
    return new Effect.Announce(state.place(), state.protocol(), phase(state), state.cohort());
  }

  private static Step spoke(State state, Event.Spoke spoke) {
    Liveness live = state.live();
    if (spoke.working() && state.round().cohort().contains(spoke.site())) {
      Map<String, Long> seen = new TreeMap<>(live.seen());
      seen.put(spoke.site(), spoke.at());
      live = new Liveness(live.since(), seen);
    }
    List<Effect> effects =
        state.round().away().contains(spoke.site())
            ? List.of(new Effect.Raise(new Event.SiteBack(spoke.at(), spoke.site())))
            : List.of();
    return new Step(new State(state.round(), live), effects);
  }

  private Step tick(State state, Event.Tick tick) {
    RoundState round = state.round();
    Liveness live = state.live();
    List<Effect> effects = new ArrayList<>();
    if (round.isPaused()) {
      return new Step(state, effects); // nobody is blamed while nothing is asked
    }
    if (round.stage() == Stage.COLLECTING) {
      Phase phase = phase(round);
      for (String site : new TreeSet<>(round.outstanding())) {
        if (tick.at() - live.seen(site) >= phase.stall().toNanos()) {
          effects.add(new Effect.Raise(new Event.SiteStalled(tick.at(), round.place(), site)));
        }
      }
      if (phase.longest() != null && tick.at() - live.since() >= phase.longest().toNanos()) {
        effects.add(new Effect.Raise(new Event.PhaseOverdue(tick.at(), round.place())));
      }
    } else if (round.stage() == Stage.WAITING
        && !round.resting().isEmpty()
        && tick.at() - live.since() >= phase(round).stall().toNanos()) {
      effects.add(new Effect.Raise(new Event.RetryDue(tick.at(), round.place())));
    }
    return new Step(state, effects);
  }
}
