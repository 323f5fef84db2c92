// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal.round;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.fedwerk.api.Digest;
import org.fedwerk.coordinator.internal.bytes.StateReader;
import org.jspecify.annotations.Nullable;

/**
 * Drives an engine the way a coordinator does - journal first, effects after - and checks at every
 * step what must hold in any schedule.
 */
final class Drive {
  final RoundEngine engine;
  final List<byte[]> journal = new ArrayList<>();
  final List<RoundState> history = new ArrayList<>();
  final List<Effect> effects = new ArrayList<>();
  final Deque<Effect> work = new ArrayDeque<>();
  private final Map<String, Digest> accepted = new HashMap<>();
  private final Map<Integer, Effect.Commit> committed = new HashMap<>();
  private final int rounds;

  /** How often the last phase comes of a protocol that leaves that to its folds. */
  int last = 1;

  private final Map<Integer, Effect.Fold> takesLate = new HashMap<>();

  /** Place and site of each reply that a committed round folded in a phase that takes late ones. */
  final List<String> counted = new ArrayList<>();

  State state;
  long now;
  private long sequence;
  private Place announced = new Place(0, 0, 0);

  Drive(Rules rules, int rounds) {
    engine = new RoundEngine(rules);
    this.rounds = rounds;
    state = engine.initial();
    history.add(state.round());
  }

  void accept(Event event) {
    Step step = engine.step(state, event);
    boolean changed = !step.state().round().equals(state.round());
    if (event instanceof Event.Durable durable) {
      if (changed) {
        journal.add(EventCodec.encode(durable));
        history.add(step.state().round());
      }
    } else {
      assertTrue(!changed, "a passing event changed what the journal must explain: " + event);
    }
    assertTrue(
        step.state().round().place().compareTo(state.round().place()) >= 0, "the place grows");
    state = step.state();
    for (Effect effect : step.effects()) {
      see(effect, false);
    }
    for (Effect effect : step.effects()) {
      if (effect instanceof Effect.Raise raise) {
        accept(raise.event());
      }
    }
  }

  private void see(Effect effect, boolean again) {
    effects.add(effect);
    if (effect instanceof Effect.Announce announce) {
      int order = announce.place().compareTo(announced);
      assertTrue(
          again ? order >= 0 : order > 0, "announced " + announce.place() + " after " + announced);
      assertTrue(again || !state.round().isPaused(), "a phase began while the task rests");
      announced = announce.place();
    } else if (effect instanceof Effect.Accept accept) {
      String key = accept.place() + "/" + accept.reply().site();
      Digest first = accepted.putIfAbsent(key, accept.reply().manifest());
      assertTrue(
          first == null || first.equals(accept.reply().manifest()), "two replies for " + key);
    } else if (effect instanceof Effect.Fold fold) {
      String last = "";
      for (Reply reply : fold.replies()) {
        assertTrue(reply.site().compareTo(last) > 0, "a site counts twice or out of order");
        assertEquals(accepted.get(fold.place() + "/" + reply.site()), reply.manifest());
        last = reply.site();
      }
      for (Late.Kept late : fold.late()) {
        assertEquals(
            accepted.get(late.place() + "/" + late.reply().site()), late.reply().manifest());
      }
      if (fold.phase().takesLate()) {
        takesLate.put(fold.place().round(), fold);
      }
      work.add(fold);
    } else if (effect instanceof Effect.Commit commit) {
      Effect.Commit earlier = committed.putIfAbsent(commit.place().round(), commit);
      if (again) {
        assertTrue(earlier == null || earlier.equals(commit), "another result for one round");
      } else {
        count(takesLate.get(commit.place().round()));
        assertNull(earlier, "a second result for round " + commit.place().round());
        assertEquals(committed.size(), commit.place().round(), "a version was left out");
      }
      work.add(commit);
    } else if (effect instanceof Effect.Choose choose) {
      assertTrue(!state.round().isPaused(), "a cohort is chosen while the task rests");
      work.add(choose);
    } else if (effect instanceof Effect.Fail fail) {
      assertTrue(fail.place().compareTo(announced) > 0, "the end stands behind every phase");
    }
  }

  private void count(Effect.@Nullable Fold fold) {
    if (fold != null) {
      fold.replies().forEach(each -> counted.add(fold.place() + "/" + each.site()));
      fold.late().forEach(each -> counted.add(each.place() + "/" + each.reply().site()));
    }
  }

  /** Does what the oldest open effect asks. */
  void work(boolean foldFails) {
    Effect effect = work.poll();
    if (effect instanceof Effect.Fold fold) {
      accept(
          foldFails
              ? new Event.FoldFailed(now, fold.place(), "values are not finite")
              : new Event.Folded(now, fold.place(), digest("product " + fold.place()), last));
    } else if (effect instanceof Effect.Choose choose) {
      List<String> some = choose.candidates().subList(0, (choose.candidates().size() + 1) / 2 + 1);
      accept(new Event.CohortChosen(now, choose.place(), some));
    } else if (effect instanceof Effect.Commit commit) {
      int round = commit.place().round();
      accept(
          new Event.Committed(
              now, round, round < rounds ? Optional.of(commit.protocol()) : Optional.empty()));
    }
  }

  void workAll() {
    while (!work.isEmpty()) {
      work(false);
    }
  }

  /** The process dies after the newest journaled event and comes back with another clock. */
  void restart() {
    RoundState replayed = replay();
    assertEquals(state.round(), replayed);
    work.clear();
    now = now % 1000 + 7;
    state = engine.step(new State(replayed, state.live()), new Event.Restarted(now)).state();
    for (Effect effect : engine.pending(state.round())) {
      see(effect, true);
    }
  }

  /** The journal alone gives, record by record, the states that there were. */
  void checkReplay() {
    State replayed = engine.initial();
    assertEquals(history.get(0), replayed.round());
    for (int i = 0; i < journal.size(); i++) {
      replayed =
          engine
              .step(replayed, EventCodec.decode(new StateReader("journal", journal.get(i))))
              .state();
      assertEquals(history.get(i + 1), replayed.round(), "after record " + i);
    }
  }

  private RoundState replay() {
    State replayed = engine.initial();
    for (byte[] record : journal) {
      replayed =
          engine.step(replayed, EventCodec.decode(new StateReader("journal", record))).state();
    }
    return replayed.round();
  }

  void ready(String... sites) {
    for (String site : sites) {
      accept(new Event.SiteReady(now, site, ++sequence, true, 600));
    }
  }

  void leave(String site, boolean wholeTask) {
    accept(
        new Event.SiteLeft(
            now, site, ++sequence, state.round().place(), wholeTask, "power saving"));
  }

  void reply(String site) {
    reply(state.round().place(), site, "first");
  }

  void reply(Place place, String site, String what) {
    accept(
        new Event.ReplyComplete(
            now,
            place,
            new Reply(site, digest(place + site + what), digest("record " + place + site + what))));
  }

  void pause() {
    accept(new Event.Paused(now, "ops", 1_000));
  }

  void resume() {
    accept(new Event.Resumed(now, "ops", 2_000));
  }

  void abort() {
    accept(new Event.Aborted(now, "ops", 3_000, "wrong labels"));
  }

  void retry() {
    accept(new Event.Retried(now, "ops", 4_000));
  }

  void tick(long nanos) {
    now += nanos;
    accept(new Event.Tick(now));
  }

  void work(String site) {
    accept(new Event.Spoke(now, site, true));
  }

  String phase() {
    return engine.phase(state.round()).name();
  }

  static Digest digest(String text) {
    return Digest.of(text.getBytes(StandardCharsets.UTF_8));
  }
}
