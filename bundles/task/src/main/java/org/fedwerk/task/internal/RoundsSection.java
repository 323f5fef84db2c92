// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.task.internal;

import java.time.Duration;
import java.util.List;
import org.fedwerk.api.data.LabelSpec;
import org.fedwerk.api.learn.Metrics;
import org.fedwerk.api.task.LateSpec;
import org.fedwerk.api.task.RoundsSpec;
import org.jspecify.annotations.Nullable;

/** When rounds start and end, with what must fit together. */
final class RoundsSection {
  static final List<String> KEYS =
      List.of(
          "max",
          "patience",
          "least",
          "metric",
          "cohort",
          "cohort-least",
          "cohort-most",
          "examples-least",
          "quorum",
          "stall",
          "longest",
          "mode",
          "buffer",
          "late",
          "staleness");

  /** Two sites or half the cohort, whichever is more. */
  static final int DEFAULT_QUORUM = 0;

  private RoundsSection() {}

  static RoundsSpec read(Mapping rounds, LabelSpec label) {
    int max =
        rounds
            .required("max", "the most rounds, from 1")
            .map(value -> (int) value.whole(1, 100_000))
            .orElse(100_000);
    int patience = whole(rounds, "patience", 1, 100_000, TaskSection.PATIENCE);
    int least = whole(rounds, "least", 1, 100_000, 1);
    if (least > max && rounds.sound("least", "max")) {
      rounds.refuse("least", least + " is above max, " + max + "; use at most max");
    }
    String metric =
        TaskSection.choice(rounds, "metric", Metrics.ofVersions(label).toArray(new String[0]));
    int cohortLeast = whole(rounds, "cohort-least", 1, 1000, 2);
    int examplesLeast = whole(rounds, "examples-least", 1, Integer.MAX_VALUE, 1);
    int quorum = whole(rounds, "quorum", 0, 1000, DEFAULT_QUORUM);
    if (rounds.sound("cohort-least", "quorum")) {
      checkQuorum(rounds, cohortLeast, quorum);
    }
    Duration stall =
        rounds
            .optional("stall")
            .map(value -> value.duration(Duration.ofSeconds(1), Duration.ofDays(30)))
            .orElse(TaskSection.STALL);
    @Nullable Duration longest =
        rounds
            .optional("longest")
            .map(value -> value.duration(Duration.ofSeconds(1), Duration.ofDays(30)))
            .orElse(null);
    if (longest != null && longest.compareTo(stall) < 0 && rounds.sound("longest", "stall")) {
      rounds.refuse(
          "longest",
          Durations.text(longest)
              + " is shorter than stall, "
              + Durations.text(stall)
              + "; use at least stall or leave it out");
    }
    boolean asynchronous = LateSection.isAsynchronous(rounds);
    LateSpec late = LateSection.read(rounds, asynchronous);
    int buffer = LateSection.buffer(rounds, asynchronous, cohortLeast);
    return new RoundsSpec(
        max,
        patience,
        least,
        metric,
        cohortLeast,
        examplesLeast,
        quorum,
        stall,
        longest,
        CohortSection.read(rounds, cohortLeast),
        late,
        buffer);
  }

  private static int whole(Mapping rounds, String key, int least, int most, int otherwise) {
    return rounds.optional(key).map(value -> (int) value.whole(least, most)).orElse(otherwise);
  }

  /** A quorum that the smallest cohort can never reach would fail every attempt of such a round. */
  private static void checkQuorum(Mapping rounds, int cohortLeast, int quorum) {
    if (quorum > cohortLeast) {
      rounds.refuse(
          "quorum",
          quorum + " is above cohort-least, " + cohortLeast + "; use at most cohort-least");
    } else if (quorum == DEFAULT_QUORUM && cohortLeast < 2) {
      rounds.refuse(
          "cohort-least", "1 needs quorum: 1, since without one a quorum is at least two sites");
    }
  }
}
