// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.task.internal;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.DoublePredicate;
import org.fedwerk.api.data.Regimes;
import org.fedwerk.api.data.SignalSpec;
import org.jspecify.annotations.Nullable;

/** The part of a schema that declares operating regimes to standardise by. */
final class RegimesSection {
  static final String KEY = "regimes";

  private static final int MOST = 64;
  private static final int MOST_SIGNALS = 16;
  private static final String SIGNALS = "signals";
  private static final String SCALE = "scale";
  private static final String CENTROIDS = "centroids";

  private RegimesSection() {}

  /** Reads the group; null if there is none, or if it is refused. */
  static @Nullable Regimes read(Mapping schema, List<SignalSpec> signals) {
    if (schema.optional(KEY).isEmpty()) {
      return null;
    }
    if (schema.optional(FeaturesSection.KEY).isPresent()) {
      schema.refuse(
          KEY,
          "goes with the steps of a window, and "
              + FeaturesSection.KEY
              + " is given; keep one of the two");
      return null;
    }
    Mapping regimes = schema.optionalGroup(KEY, List.of(SIGNALS, SCALE, CENTROIDS));
    List<Integer> rows = rows(regimes, signals);
    List<Double> scale =
        regimes
            .optional(SCALE)
            .map(value -> numbers(value, rows.size(), "a number above 0", each -> each > 0, 1))
            .orElse(Collections.nCopies(rows.size(), 1.0));
    List<List<Double>> centroids = new ArrayList<>();
    List<Value> items =
        regimes
            .required(CENTROIDS, "a list of regimes, each a list with a value for each signal")
            .map(value -> value.items(1, MOST, CENTROIDS))
            .orElse(List.of());
    for (Value item : items) {
      centroids.add(numbers(item, rows.size(), "a number in the signal's unit", each -> true, 0));
    }
    boolean complete =
        regimes.sound(SIGNALS, SCALE, CENTROIDS)
            && !rows.isEmpty()
            && !centroids.isEmpty()
            && scale.size() == rows.size()
            && centroids.stream().allMatch(each -> each.size() == rows.size());
    return complete ? new Regimes(rows, scale, centroids) : null;
  }

  private static List<Integer> rows(Mapping regimes, List<SignalSpec> signals) {
    List<String> names = signals.stream().map(SignalSpec::name).toList();
    List<Integer> rows = new ArrayList<>();
    List<Value> items =
        regimes
            .required(SIGNALS, "the names of the signals that say which regime it is")
            .map(value -> value.items(1, MOST_SIGNALS, SIGNALS))
            .orElse(List.of());
    for (Value item : items) {
      String name = item.word(SchemaSection.NAME, SchemaSection.NAMES);
      int row = names.indexOf(name);
      if (row < 0 && !name.isEmpty()) {
        item.refuse("\"" + name + "\" is none of the schema's signals; name one of them");
      } else if (rows.contains(row)) {
        item.refuse("signal \"" + name + "\" stands twice; keep one");
      } else {
        rows.add(row);
      }
    }
    return rows;
  }

  private static List<Double> numbers(
      Value list, int count, String description, DoublePredicate allowed, double standIn) {
    List<Double> numbers = new ArrayList<>();
    for (Value item : list.items(count, count, "numbers, one for each signal")) {
      numbers.add(item.number(description, allowed, standIn));
    }
    return numbers;
  }
}
