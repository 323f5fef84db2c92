// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.task.internal;

import java.util.List;
import java.util.Optional;
import org.fedwerk.api.data.LabelSpec;
import org.fedwerk.api.task.ThresholdSpec;
import org.jspecify.annotations.Nullable;

/** What an alarm is in anomaly detection, and how many are too many; may be left out. */
final class ThresholdSection {
  static final String KEY = "threshold";

  private static final String QUANTILE = "quantile";
  private static final String BUDGET = "alarm-rate";
  private static final String RECENT = "recent";
  private static final List<String> KEYS = List.of(QUANTILE, BUDGET, RECENT);
  private static final int LEAST_RECENT = 10;
  private static final int MOST_RECENT = 100_000;
  private static final double ROUNDING = 1e-9;

  private ThresholdSection() {}

  static @Nullable ThresholdSpec read(Mapping task, LabelSpec label) {
    Optional<Value> given = task.optional(KEY);
    if (!label.isAnomaly()) {
      given.ifPresent(
          value ->
              value.refuse(
                  "is for schema.label.kind anomaly, not "
                      + label.kind()
                      + "; of two classes costs give the threshold"));
      return null;
    }
    return given.map(value -> read(value.mapping(KEYS))).orElse(ThresholdSpec.USUAL);
  }

  private static ThresholdSpec read(Mapping group) {
    ThresholdSpec usual = ThresholdSpec.USUAL;
    String quantiles = "a number above 0 and below 1";
    double quantile =
        group
            .optional(QUANTILE)
            .map(value -> value.number(quantiles, x -> x > 0 && x < 1, usual.quantile()))
            .orElse(usual.quantile());
    Optional<Value> bound = group.optional(BUDGET);
    double budget =
        bound
            .map(value -> value.number("a share above 0 and below 1", x -> x > 0 && x < 1, 1))
            .orElse(usual.budget());
    if (bound.isPresent() && group.sound(QUANTILE, BUDGET) && quantile + budget < 1 - ROUNDING) {
      group.refuse(
          BUDGET,
          budget
              + " is less than the share of normal parts beyond the quantile "
              + quantile
              + ", so normal production would be over it; raise one of them");
    }
    if (group.optional(RECENT).isPresent() && bound.isEmpty()) {
      group.refuse(RECENT, "needs alarm-rate, the share that recent predictions are held against");
    }
    int recent =
        group
            .optional(RECENT)
            .map(value -> (int) value.whole(LEAST_RECENT, MOST_RECENT))
            .orElse(usual.recent());
    return new ThresholdSpec(quantile, budget, recent);
  }
}
