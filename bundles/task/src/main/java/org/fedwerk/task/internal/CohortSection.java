// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.task.internal;

import java.util.List;
import java.util.Optional;
import org.fedwerk.api.task.CohortSpec;
import org.fedwerk.api.task.CohortSpec.Choice;

/** Which of the ready sites take part in a round. */
final class CohortSection {
  private static final String FRACTION = "fraction";
  private static final String FRESHEST = "freshest";
  private static final int SITES = 1000;

  private CohortSection() {}

  /** Reads {@code cohort} and {@code cohort-most} of the group rounds. */
  static CohortSpec read(Mapping rounds, int cohortLeast) {
    int most = rounds.optional("cohort-most").map(value -> (int) value.whole(1, SITES)).orElse(0);
    if (most > 0 && most < cohortLeast && rounds.sound("cohort-most", "cohort-least")) {
      rounds.refuse(
          "cohort-most",
          most + " is below cohort-least, " + cohortLeast + "; use at least cohort-least");
    }
    Optional<Value> cohort = rounds.optional("cohort");
    if (cohort.isEmpty() || !cohort.get().isGroup()) {
      cohort.ifPresent(
          value -> value.choice(List.of("all"), "all, {fraction: 0.5} or {freshest: 5}"));
      return new CohortSpec(Choice.ALL, 1, 0, most);
    }
    Mapping group = cohort.get().mapping(List.of(FRACTION, FRESHEST));
    Optional<Value> fraction = group.optional(FRACTION);
    Optional<Value> freshest = group.optional(FRESHEST);
    if (fraction.isPresent() && freshest.isPresent()) {
      group.refuse(FRESHEST, "stands beside fraction; use one of them");
    }
    if (fraction.isPresent()) {
      double part = fraction.get().number("a number above 0, at most 1", x -> x > 0 && x <= 1, 1);
      return new CohortSpec(Choice.RANDOM, part, 0, most);
    }
    if (freshest.isPresent()) {
      int sites = (int) freshest.get().whole(1, SITES);
      boolean comparable =
          group.sound(FRESHEST) && rounds.sound("cohort-least") && rounds.sound("cohort-most");
      if (comparable && sites < cohortLeast) {
        group.refuse(
            FRESHEST,
            sites + " is below cohort-least, " + cohortLeast + "; use at least cohort-least");
      } else if (comparable && most > 0 && sites > most) {
        group.refuse(
            FRESHEST, sites + " is above cohort-most, " + most + "; use at most cohort-most");
      }
      return new CohortSpec(Choice.FRESHEST, 1, sites, most);
    }
    if (group.sound(FRACTION, FRESHEST)) {
      cohort.get().refuse("says nothing; use all, {fraction: 0.5} or {freshest: 5}");
    }
    return new CohortSpec(Choice.ALL, 1, 0, most);
  }
}
