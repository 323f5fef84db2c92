// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal;

import java.util.Optional;
import org.fedwerk.coordinator.internal.round.Event;
import org.fedwerk.coordinator.internal.round.RoundState;

/** What a person may order of a task, and when. */
public final class Orders {
  private Orders() {}

  /** An order by name. */
  public enum Kind {
    PAUSE,
    RESUME,
    ABORT,
    RETRY
  }

  /**
   * An order.
   *
   * @param by who gives it
   * @param reason why, of an abort; empty else
   */
  public record Order(Kind kind, String by, String reason) {
    Event.Order event(long at, long when) {
      return switch (kind) {
        case PAUSE -> new Event.Paused(at, by, when);
        case RESUME -> new Event.Resumed(at, by, when);
        case ABORT -> new Event.Aborted(at, by, when, reason);
        case RETRY -> new Event.Retried(at, by, when);
      };
    }
  }

  /** Why a task in this state cannot follow, with what can be done instead; empty if it can. */
  static Optional<String> refusal(Kind kind, String task, RoundState state) {
    boolean fits =
        switch (kind) {
          case PAUSE -> !state.isOver() && !state.isPaused();
          case RESUME -> state.isPaused();
          case ABORT -> !state.isOver();
          case RETRY -> state.isOver();
        };
    return switch (state.stage()) {
      case FINISHED -> Optional.of(task + " is finished; submit another document to learn anew");
      case FAILED, ABORTED ->
          fits
              ? Optional.empty()
              : Optional.of(
                  task
                      + (state.problem().startsWith("aborted") ? " was " : " failed: ")
                      + state.problem()
                      + "; fedwerk:task-retry goes on with it");
      case COMMITTING ->
          Optional.of(
              task
                  + " has a round that could not be committed yet; fedwerk:status tells why, then"
                  + " give the order again");
      case WAITING, COLLECTING, HELD, FOLDING ->
          fits ? Optional.empty() : Optional.of(notOver(kind, task, state));
    };
  }

  private static String notOver(Kind kind, String task, RoundState state) {
    if (kind == Kind.RETRY) {
      return task
          + " is not over; only a failed or aborted task is tried again"
          + (state.isPaused() ? ", a paused one goes on with fedwerk:task-resume" : "");
    }
    return state.isPaused()
        ? task + " is paused already, by " + state.pausedBy() + "; fedwerk:task-resume goes on"
        : task + " is not paused; fedwerk:rounds tells what it does";
  }

  /** An order that was followed, as an event of the journal, in a word. */
  static String word(Event.Order order) {
    if (order instanceof Event.Paused) {
      return "paused";
    } else if (order instanceof Event.Resumed) {
      return "resumed";
    } else if (order instanceof Event.Aborted) {
      return "aborted";
    }
    return "tried again";
  }

  /** Why, of an abort; empty else. */
  static String reason(Event.Order order) {
    return order instanceof Event.Aborted aborted ? aborted.reason() : "";
  }
}
