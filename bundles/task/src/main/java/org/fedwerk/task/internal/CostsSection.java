// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.task.internal;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.fedwerk.api.data.LabelSpec;
import org.fedwerk.api.task.Costs;
import org.jspecify.annotations.Nullable;

/** What mistakes cost; a group that may be left out. */
final class CostsSection {
  static final String KEY = "costs";

  private static final List<String> KEYS = List.of("missed", "false-alarm", "currency");
  private static final Pattern CURRENCY = Pattern.compile("[A-Z]{3}");
  private static final String CURRENCIES = "three capital letters, like EUR";
  private static final String AMOUNT = "an amount above 0";

  private CostsSection() {}

  static @Nullable Costs read(Mapping task, LabelSpec label) {
    Optional<Value> given = task.optional(KEY);
    if (given.isEmpty()) {
      return null;
    }
    Mapping costs = given.get().mapping(KEYS);
    double missed = amount(costs, "missed");
    double falseAlarm = amount(costs, "false-alarm");
    String currency =
        costs
            .required("currency", CURRENCIES)
            .map(value -> value.word(CURRENCY, CURRENCIES))
            .orElse("");
    if (!label.isClass() || label.classes().size() != 2) {
      given
          .get()
          .refuse(
              "are for a label of two classes, the second of which is the defect; leave them out");
      return null;
    }
    return new Costs(missed, falseAlarm, currency);
  }

  private static double amount(Mapping costs, String key) {
    return costs
        .required(key, AMOUNT)
        .map(value -> value.number(AMOUNT, x -> x > 0, 1))
        .orElse(1.0);
  }
}
