// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.task.internal;

import java.util.List;
import java.util.Optional;
import org.fedwerk.api.task.LateSpec;
import org.fedwerk.api.task.LateSpec.Choice;

/** Whether sites wait for each other, and what becomes of updates that come late. */
final class LateSection {
  private static final String ASYNCHRONOUS = "asynchronous";
  private static final String FUNCTION = "function";
  private static final String EXPONENT = "exponent";
  private static final String MOST = "most";

  /** 1/sqrt(1+tau), as in the article on buffered aggregation. */
  private static final double DEFAULT_EXPONENT = 0.5;

  private static final int DEFAULT_MOST = 10;

  private LateSection() {}

  /** Reads {@code mode}. */
  static boolean isAsynchronous(Mapping rounds) {
    return word(rounds, "mode", "synchronous", ASYNCHRONOUS).equals(ASYNCHRONOUS);
  }

  private static String word(Mapping rounds, String key, String first, String second) {
    return rounds
        .optional(key)
        .map(value -> value.choice(List.of(first, second), first + " or " + second))
        .orElse(first);
  }

  /** Reads {@code late} and {@code staleness}, and refuses what does not go together. */
  static LateSpec read(Mapping rounds, boolean asynchronous) {
    boolean said = rounds.optional("late").isPresent();
    boolean keeps = word(rounds, "late", "drop", "staleness").equals("staleness");
    if (asynchronous && said && !keeps && rounds.sound("late")) {
      rounds.refuse(
          "late",
          "drop does not go with mode: asynchronous, where most updates are late; use staleness or leave it out");
    }
    Optional<Value> staleness = rounds.optional("staleness");
    if (staleness.isEmpty()) {
      return keeps || asynchronous
          ? new LateSpec(Choice.STALENESS, DEFAULT_EXPONENT, DEFAULT_MOST)
          : LateSpec.DROP;
    }
    Mapping group = staleness.get().mapping(List.of(FUNCTION, EXPONENT, MOST));
    boolean constant = word(group, FUNCTION, "polynomial", "constant").equals("constant");
    double exponent =
        group
            .optional(EXPONENT)
            .map(value -> value.number("a number from 0 to 10", x -> x >= 0 && x <= 10, 1))
            .orElse(DEFAULT_EXPONENT);
    int most = group.optional(MOST).map(value -> (int) value.whole(1, 1000)).orElse(DEFAULT_MOST);
    if (constant && group.optional(EXPONENT).isPresent()) {
      group.refuse(EXPONENT, "does not go with function: constant; leave one of them out");
    }
    if (!keeps && !asynchronous && rounds.sound("late", "mode")) {
      rounds.refuse("staleness", "needs late: staleness or mode: asynchronous");
      return LateSpec.DROP;
    }
    return new LateSpec(Choice.STALENESS, constant ? 0 : exponent, most);
  }

  /** Reads {@code buffer}, and refuses what an asynchronous task cannot have. */
  static int buffer(Mapping rounds, boolean asynchronous, int cohortLeast) {
    Optional<Integer> size = rounds.optional("buffer").map(value -> (int) value.whole(1, 1000));
    if (!asynchronous) {
      if (size.isPresent() && rounds.sound("mode")) {
        rounds.refuse("buffer", "needs mode: asynchronous");
      }
      return 0;
    }
    for (String key : List.of("cohort", "cohort-most")) {
      boolean chooses =
          rounds.optional(key).isPresent()
              && (key.equals("cohort-most") || rounds.optional(key).get().isGroup());
      if (chooses) {
        rounds.refuse(
            key, "does not go with mode: asynchronous, where every site trains when it is free");
      }
    }
    if (rounds.optional("longest").isPresent()) {
      rounds.refuse(
          "longest",
          "does not go with mode: asynchronous, where nobody waits for the slowest site");
    }
    int buffer = size.orElse(Math.min(2, cohortLeast));
    if (buffer > cohortLeast && rounds.sound("buffer", "cohort-least")) {
      rounds.refuse(
          "buffer",
          buffer
              + " is above cohort-least, "
              + cohortLeast
              + "; a site gives one update per version, so use at most cohort-least");
    }
    return buffer;
  }
}
