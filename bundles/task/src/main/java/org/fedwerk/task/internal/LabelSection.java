// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.task.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.fedwerk.api.data.LabelSpec;
import org.fedwerk.api.data.Target;

/** What a task learns: one class, any number of classes, a number, or what is normal. */
final class LabelSection {
  static final List<String> KEYS =
      List.of("name", "kind", "classes", "unit", "centre", "scale", "lateness");
  static final Duration LATENESS = Duration.ofHours(1);

  private static final List<String> OF_A_VALUE = List.of("unit", "centre", "scale");
  private static final List<String> STAND_IN = List.of("a", "b");
  private static final String VALUE = "value";
  private static final String ANOMALY = "anomaly";

  private LabelSection() {}

  static LabelSpec read(Mapping label, Pattern names, String described) {
    String kind = TaskSection.choice(label, "kind", "class", "classes", VALUE, ANOMALY);
    if (kind.equals(ANOMALY) && label.optional("name").isEmpty()) {
      return unlabelled(label);
    }
    String name =
        label.required("name", described).map(value -> value.word(names, described)).orElse("");
    Duration lateness =
        label
            .optional("lateness")
            .map(value -> value.duration(Duration.ofSeconds(1), Duration.ofDays(365)))
            .orElse(LATENESS);
    if (kind.equals(VALUE)) {
      if (label.optional("classes").isPresent()) {
        label.refuse("classes", "a number has no classes; leave them out or take kind: class");
      }
      return new LabelSpec(name, List.of(), lateness, value(label));
    }
    refuse(label, OF_A_VALUE, "is for kind: value; leave it out");
    List<String> classes = classes(label, names, described);
    return new LabelSpec(
        name.isEmpty() ? STAND_IN.get(0) : name,
        classes.size() < 2 ? STAND_IN : classes,
        lateness,
        switch (kind) {
          case ANOMALY -> Target.NORMALITY;
          case "classes" -> Target.SOME_CLASSES;
          default -> Target.ONE_CLASS;
        });
  }

  /** Nothing has to be known of a part to find out what is normal. */
  private static LabelSpec unlabelled(Mapping label) {
    refuse(label, OF_A_VALUE, "is for kind: value; leave it out");
    refuse(
        label,
        List.of("classes", "lateness"),
        "needs name, the label that tells normal parts from defects; give it, or leave both out");
    return new LabelSpec("", List.of(), LATENESS, Target.NORMALITY);
  }

  private static void refuse(Mapping label, List<String> keys, String what) {
    for (String key : keys) {
      if (label.optional(key).isPresent() && label.sound("kind")) {
        label.refuse(key, what);
      }
    }
  }

  private static Target value(Mapping label) {
    String unit =
        label
            .required("unit", "the unit as the sites write it, \"\" if it has none")
            .map(text -> text.text(32, false))
            .orElse("");
    String centres = "the label's value at which a model gives 0, a number in its unit";
    String scales = "how much a step of 1 in a model's output is, a number above 0 in its unit";
    double centre =
        label
            .required("centre", centres)
            .map(number -> number.number(centres, any -> true, 0))
            .orElse(0.0);
    double scale =
        label
            .required("scale", scales)
            .map(number -> number.number(scales, x -> x > 0, 1))
            .orElse(1.0);
    return new Target(Target.Kind.VALUE, unit, centre, scale);
  }

  private static List<String> classes(Mapping label, Pattern names, String described) {
    List<String> classes = new ArrayList<>();
    Map<String, Integer> lines = new HashMap<>();
    List<Value> items =
        label
            .required("classes", "a list of 2 to 64 class names")
            .map(value -> value.items(2, 64, "classes"))
            .orElse(List.of());
    for (Value item : items) {
      String word = item.word(names, described);
      SchemaSection.once(lines, word, item, "class");
      classes.add(word);
    }
    return classes;
  }
}
