// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal.round;

import java.util.List;
import java.util.Optional;
import org.fedwerk.api.Digest;

/** What happened to a task. */
public sealed interface Event {
  /** When, in monotonic nanoseconds of the process that saw it. */
  long at();

  /** Events that make up the state: journaled and forced before their effects run. */
  sealed interface Durable extends Event {}

  /** Events that matter for patience only; a restart forgets them. */
  sealed interface Passing extends Event {}

  /**
   * A site said whether it takes part.
   *
   * @param sequence of its message; an older one than the newest heard is ignored
   * @param willing true if the task is approved there and the data fit
   * @param examples training examples it has
   */
  record SiteReady(long at, String site, long sequence, boolean willing, int examples)
      implements Durable {}

  /**
   * A site leaves an attempt, or the task; or its reply was refused for good.
   *
   * @param wholeTask true if it takes part no more until it says that it is ready again
   */
  record SiteLeft(
      long at, String site, long sequence, Place place, boolean wholeTask, String reason)
      implements Durable {}

  /** A reply and all its chunks are on this disk. */
  record ReplyComplete(long at, Place place, Reply reply) implements Durable {}

  /** A site of the cohort gave no sign of work for too long. */
  record SiteStalled(long at, Place place, String site) implements Durable {}

  /** A stalled site was heard of again. */
  record SiteBack(long at, String site) implements Durable {}

  /** A phase took its longest duration. */
  record PhaseOverdue(long at, Place place) implements Durable {}

  /** Sites that left the attempt before are to be asked again. */
  record RetryDue(long at, Place place) implements Durable {}

  /**
   * A fold made something.
   *
   * @param last how often the protocol's last phase comes in this attempt, where that is for folds
   *     to say; else 1
   */
  record Folded(long at, Place place, Digest product, int last) implements Durable {
    /** The protocol says it all. */
    public Folded(long at, Place place, Digest product) {
      this(at, place, product, 1);
    }
  }

  /** A fold came to nothing. */
  record FoldFailed(long at, Place place, String reason) implements Durable {}

  /**
   * A round's result is kept.
   *
   * @param next protocol of the next round; empty if the task is done
   */
  record Committed(long at, int round, Optional<String> next) implements Durable {}

  /**
   * Who takes part in the attempt that waits; answers Choose.
   *
   * @param cohort some of those that were named, ascending
   */
  record CohortChosen(long at, Place place, List<String> cohort) implements Durable {
    public CohortChosen {
      cohort = List.copyOf(cohort);
    }
  }

  /**
   * A site asks for rounds of a task that has ended.
   *
   * @param round the last one that it knows
   */
  record RoundsAsked(long at, String site, long sequence, int round) implements Durable {}

  /** What a person ordered. */
  sealed interface Order extends Durable {
    /** Who. */
    String by();

    /** When, in milliseconds of the wall clock, for people. */
    long when();
  }

  /** Nothing new begins until the task is resumed. */
  record Paused(long at, String by, long when) implements Order {}

  /** A paused task goes on. */
  record Resumed(long at, String by, long when) implements Order {}

  /** The task ends here. */
  record Aborted(long at, String by, long when, String reason) implements Order {}

  /** A task that failed or was aborted goes on with its next attempt. */
  record Retried(long at, String by, long when) implements Order {}

  /**
   * A site was heard of.
   *
   * @param working true if the message shows work on the current phase
   */
  record Spoke(long at, String site, boolean working) implements Passing {}

  /** Time went on. */
  record Tick(long at) implements Passing {}

  /** Nothing could be heard until now, here or because the link was cut: patience begins anew. */
  record Restarted(long at) implements Passing {}
}
