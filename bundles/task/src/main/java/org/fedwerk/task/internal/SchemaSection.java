// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.task.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.fedwerk.api.data.LabelSpec;
import org.fedwerk.api.data.Schema;
import org.fedwerk.api.data.SignalSpec;
import org.fedwerk.api.data.WindowSpec;

/** The part of a task that sites compare with their own signals and labels. */
final class SchemaSection {
  static final List<String> KEYS =
      List.of(
          "name",
          "version",
          "signals",
          "window",
          "image",
          FeaturesSection.KEY,
          RegimesSection.KEY,
          "label");
  static final Duration MAX_GAP = Duration.ofSeconds(5);
  static final Duration SETTLE = Duration.ofSeconds(5);

  static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,63}");
  static final String NAMES = "1 to 64 letters, digits, dashes, dots and underscores";
  static final int INPUTS = 1_000_000;

  private SchemaSection() {}

  static Schema read(Mapping schema) {
    String name = schema.required("name", NAMES).map(value -> value.word(NAME, NAMES)).orElse("");
    int version =
        schema
            .required("version", "a whole number from 1")
            .map(value -> (int) value.whole(1, Integer.MAX_VALUE))
            .orElse(1);
    LabelSpec label = LabelSection.read(schema.group("label", LabelSection.KEYS), NAME, NAMES);
    if (schema.optional(ImageSection.KEY).isPresent()) {
      return Schema.ofImages(name, version, ImageSection.read(schema), label);
    }
    List<SignalSpec> signals = signals(schema);
    WindowSpec window = window(schema.group("window", List.of("steps", "step", "settle")));
    if ((long) signals.size() * window.steps() > INPUTS) {
      schema.refuse(
          "window",
          signals.size()
              + " signals times "
              + window.steps()
              + " steps are more than "
              + INPUTS
              + " values; use fewer or longer steps");
    }
    return new Schema(
        name,
        version,
        signals,
        window,
        label,
        FeaturesSection.read(schema, window.steps()),
        RegimesSection.read(schema, signals));
  }

  private static List<SignalSpec> signals(Mapping schema) {
    List<SignalSpec> signals = new ArrayList<>();
    Map<String, Integer> lines = new HashMap<>();
    List<Value> items =
        schema
            .required("signals", "a list of signals, each with name, unit, min, max")
            .map(value -> value.items(1, 256, "signals"))
            .orElse(List.of());
    for (Value item : items) {
      SignalSpec signal = signal(item.mapping(List.of("name", "unit", "min", "max", "max-gap")));
      once(lines, signal.name(), item, "signal");
      signals.add(signal);
    }
    return signals;
  }

  private static SignalSpec signal(Mapping signal) {
    String name = signal.required("name", NAMES).map(value -> value.word(NAME, NAMES)).orElse("");
    String unit =
        signal
            .required("unit", "the unit as the sites write it, \"\" if it has none")
            .map(value -> value.text(32, false))
            .orElse("");
    double min = limit(signal, "min", -Double.MAX_VALUE);
    double max = limit(signal, "max", Double.MAX_VALUE);
    if (!(min < max)) {
      signal.refuse("min", min + " is not below max, " + max + "; use a range that is not empty");
      min = -Double.MAX_VALUE;
      max = Double.MAX_VALUE;
    }
    Duration maxGap =
        signal
            .optional("max-gap")
            .map(value -> value.duration(Duration.ofMillis(1), Duration.ofDays(1)))
            .orElse(MAX_GAP);
    return new SignalSpec(name, unit, min, max, maxGap);
  }

  private static double limit(Mapping signal, String key, double standIn) {
    String description = "a number in the signal's unit";
    return signal
        .required(key, description)
        .map(value -> value.number(description, any -> true, standIn))
        .orElse(standIn);
  }

  private static WindowSpec window(Mapping window) {
    int steps =
        window
            .required("steps", "the number of steps, from 1")
            .map(value -> (int) value.whole(1, 100_000))
            .orElse(1);
    Duration step =
        window
            .required("step", "the length of a step, like 1s")
            .map(value -> value.duration(Duration.ofMillis(1), Duration.ofDays(1)))
            .orElse(Duration.ofSeconds(1));
    Duration settle =
        window
            .optional("settle")
            .map(value -> value.duration(Duration.ZERO, Duration.ofDays(1)))
            .orElse(SETTLE);
    return new WindowSpec(steps, step, settle);
  }

  /** Refuses a name that stands twice. */
  static void once(Map<String, Integer> lines, String name, Value item, String what) {
    Integer first = name.isEmpty() ? null : lines.putIfAbsent(name, item.line());
    if (first != null) {
      item.refuse(what + " \"" + name + "\" stands twice, first on line " + first + "; keep one");
    }
  }
}
