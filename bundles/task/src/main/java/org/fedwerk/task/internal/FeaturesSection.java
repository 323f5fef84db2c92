// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.task.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.fedwerk.api.data.WindowFeatures;
import org.fedwerk.api.data.WindowStatistic;

/** The part of a schema that says what becomes of a window. */
final class FeaturesSection {
  static final String KEY = "derive";

  private static final String DIFFERENCE = "difference";
  private static final String BANDS = "bands";
  private static final String STATISTICS = "statistics";
  private static final List<String> WORDS =
      Arrays.stream(WindowStatistic.values()).map(WindowStatistic::word).toList();

  private FeaturesSection() {}

  /**
   * Reads the group.
   *
   * @param steps of the window
   */
  static WindowFeatures read(Mapping schema, int steps) {
    if (schema.optional(KEY).isEmpty()) {
      return WindowFeatures.NONE;
    }
    Mapping derive = schema.optionalGroup(KEY, List.of(DIFFERENCE, BANDS, STATISTICS));
    int difference = count(derive, DIFFERENCE);
    int bands = count(derive, BANDS);
    List<WindowStatistic> statistics = statistics(derive);
    if (!derive.sound(DIFFERENCE, BANDS, STATISTICS)) {
      return WindowFeatures.NONE;
    }
    WindowFeatures features = new WindowFeatures(difference, bands, statistics);
    if (features.equals(WindowFeatures.NONE)) {
      schema.refuse(KEY, "derives nothing; give difference, bands or statistics, or leave it out");
    }
    if (difference >= steps) {
      derive.refuse(
          DIFFERENCE,
          "a window of "
              + steps
              + " steps has no value "
              + difference
              + " steps earlier; use less");
      return WindowFeatures.NONE;
    }
    int most = WindowFeatures.mostBands(steps - difference);
    if (bands > most) {
      derive.refuse(
          BANDS,
          bands
              + " bands are more than the "
              + most
              + " frequencies of "
              + (steps - difference)
              + " steps; use fewer bands or more steps");
      return WindowFeatures.NONE;
    }
    return features;
  }

  private static int count(Mapping derive, String key) {
    return derive.optional(key).map(value -> (int) value.whole(1, 100_000)).orElse(0);
  }

  private static List<WindowStatistic> statistics(Mapping derive) {
    List<WindowStatistic> statistics = new ArrayList<>();
    List<Value> items =
        derive
            .optional(STATISTICS)
            .map(value -> value.items(1, WORDS.size(), STATISTICS))
            .orElse(List.of());
    for (Value item : items) {
      String word = item.choice(WORDS);
      WindowStatistic statistic = WindowStatistic.values()[Math.max(0, WORDS.indexOf(word))];
      if (statistics.contains(statistic)) {
        item.refuse(word + " stands twice; keep one");
      } else {
        statistics.add(statistic);
      }
    }
    return statistics;
  }
}
