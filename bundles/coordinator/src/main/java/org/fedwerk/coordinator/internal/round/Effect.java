// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal.round;

import java.util.List;
import org.fedwerk.api.Digest;

/** What is to be done outside the engine. Each may run twice, after a restart. */
public sealed interface Effect {
  /** Choose a cohort among sites, given in ascending order; answer with CohortChosen. */
  record Choose(Place place, List<String> candidates) implements Effect {
    public Choose {
      candidates = List.copyOf(candidates);
    }
  }

  /** Tell everybody again what holds at this place, since the task rests now or goes on. */
  record Inform(Place place) implements Effect {}

  /** Tell the cohort what to do now. */
  record Announce(Place place, String protocol, Phase phase, List<String> cohort)
      implements Effect {}

  /** Tell a site that its reply counts. */
  record Accept(Place place, Reply reply) implements Effect {}

  /** Tell a site that its reply does not count. */
  record Refuse(Place place, Reply reply, String reason) implements Effect {}

  /**
   * Make one thing of the replies, given in ascending order of sites, and of late ones, ascending
   * by place and site; answer with Folded.
   */
  record Fold(Place place, Phase phase, List<Reply> replies, List<Late.Kept> late)
      implements Effect {
    public Fold {
      replies = List.copyOf(replies);
      late = List.copyOf(late);
    }
  }

  /** Keep the round's result; answer with Committed. */
  record Commit(Place place, String protocol, List<String> cohort, List<Closed> closed)
      implements Effect {}

  /** Replies and products that nobody needs any more. */
  record Discard(List<Reply> replies, List<Digest> products) implements Effect {}

  /** The task is done; the place is the one after its last phase. */
  record Finish(Place place, List<String> cohort) implements Effect {}

  /** The task is given up; the place is one after every phase of its last attempt. */
  record Fail(Place place, String reason) implements Effect {}

  /** Time made something happen: journal it and step on. */
  record Raise(Event.Durable event) implements Effect {}
}
