// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.fedwerk.api.Digest;
import org.fedwerk.api.message.ModelReference;
import org.jspecify.annotations.Nullable;

/**
 * Which model of one task runs at this site, which ran before it, and whether a person holds it
 * there. A value: what happens gives the next one.
 *
 * @param active what runs; null before the first model
 * @param previous what ran before it, to go back to; null if there is none
 * @param pin who holds the active model; null if the next committed model takes its place
 * @param acts what happened, oldest first: all acts of people, and the newest of plans
 */
record Standing(@Nullable Held active, @Nullable Held previous, @Nullable Act pin, List<Act> acts) {
  private static final int PLANS_LISTED = 50;

  static final Standing NONE = new Standing(null, null, null, List.of());

  /** A model with the revision of what is local to the site. */
  record Held(ModelReference model, int localRevision) {
    boolean sameAs(Held other) {
      return model.digest().equals(other.model().digest())
          && localRevision == other.localRevision();
    }
  }

  /** What was done. */
  enum What {
    DEPLOYED,
    ROLLED_BACK,
    PINNED,
    RELEASED;

    String word() {
      return name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
    }

    /** True for what only people do and what holds until they release it. */
    boolean pins() {
      return this == ROLLED_BACK || this == PINNED;
    }
  }

  /**
   * One act on a task's deployment.
   *
   * @param what what was done
   * @param at wall clock, for people; the epoch if an older program did not write it down
   * @param by who; empty for the coordinator's plan
   * @param version version of the model that ran afterwards
   * @param digest its global digest
   * @param localRevision its local revision
   */
  record Act(What what, Instant at, String by, int version, Digest digest, int localRevision) {}

  Standing {
    acts = List.copyOf(acts);
  }

  /** After a model became the active one, or a person held the one that is. */
  Standing switched(Held next, What what, Instant at, String by) {
    Act act = act(next, what, at, by);
    boolean same = active != null && active.sameAs(next);
    return new Standing(next, same ? previous : active, what.pins() ? act : pin, with(act));
  }

  /** After a person let the active model go. */
  Standing released(Instant at, String by) {
    return active == null
        ? this
        : new Standing(active, previous, null, with(act(active, What.RELEASED, at, by)));
  }

  /** After the coordinator took the models back. */
  Standing withdrawn() {
    return new Standing(null, null, null, acts);
  }

  /** With the model before in the place of the active one, whose bytes are gone. */
  Standing fallenBack() {
    return new Standing(previous, null, pin, acts);
  }

  /** The models whose bytes are kept. */
  Stream<Held> held() {
    return Stream.of(active, previous).flatMap(Stream::ofNullable);
  }

  /** The oldest version that may run once another one is deployed. */
  int oldest(int other) {
    return held().mapToInt(each -> Math.min(other, each.model().version())).min().orElse(other);
  }

  private static Act act(Held held, What what, Instant at, String by) {
    return new Act(
        what, at, by, held.model().version(), held.model().digest(), held.localRevision());
  }

  private List<Act> with(Act act) {
    List<Act> all = new ArrayList<>(acts);
    all.add(act);
    long plans = all.stream().filter(each -> each.by().isEmpty()).count();
    for (var each = all.iterator(); plans > PLANS_LISTED && each.hasNext(); ) {
      if (each.next().by().isEmpty()) {
        each.remove();
        plans--;
      }
    }
    return all;
  }
}
