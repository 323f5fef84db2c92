// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.task.internal;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.fedwerk.api.data.LabelSpec;
import org.fedwerk.api.learn.TrainingSpec;

/** What each class weighs in the loss: alike, by inverse frequency, or as given. */
final class ClassWeightsSection {
  static final String KEY = "class-weights";

  private static final String BALANCED = "balanced";
  private static final List<String> WORDS = List.of("none", BALANCED);
  private static final String WEIGHT = "a weight from 0 to 1000";

  private ClassWeightsSection() {}

  static TrainingSpec read(Mapping training, LabelSpec label, TrainingSpec read) {
    Optional<Value> given = training.optional(KEY);
    if (given.isEmpty()) {
      return read;
    }
    Value value = given.get();
    boolean weighs = value.isGroup() || value.isList();
    if (!weighs) {
      weighs = value.choice(WORDS, described(label)).equals(BALANCED);
      if (weighs && label.isClass()) {
        return read.withBalanced();
      }
    }
    if (!weighs) {
      return read;
    }
    if (!label.isClass()) {
      value.refuse(
          (value.isGroup() || value.isList() ? "" : "balanced ")
              + "does not go with schema.label.kind "
              + label.kind()
              + "; leave it out");
      return read;
    }
    List<Double> weights =
        value.isList() ? listed(value, label.classes()) : named(value, label.classes());
    if (training.sound(KEY) && weights.stream().allMatch(weight -> weight == 0)) {
      value.refuse("is 0 for every class, so that nothing would be learned; give one a weight");
      return read;
    }
    return read.withClassWeights(weights);
  }

  /** A class that is not named weighs 1. */
  private static List<Double> named(Value value, List<String> classes) {
    Mapping group = value.mapping(classes);
    List<Double> weights = new ArrayList<>();
    for (String each : classes) {
      weights.add(group.optional(each).map(ClassWeightsSection::weight).orElse(1.0));
    }
    return weights;
  }

  private static List<Double> listed(Value value, List<String> classes) {
    List<Double> weights = new ArrayList<>();
    value
        .items(classes.size(), classes.size(), "weights, one for each of schema.label.classes")
        .forEach(item -> weights.add(weight(item)));
    return weights.size() == classes.size() ? weights : Collections.nCopies(classes.size(), 1.0);
  }

  private static double weight(Value value) {
    return value.number(WEIGHT, x -> x >= 0 && x <= 1000, 1);
  }

  private static String described(LabelSpec label) {
    return "one of none, balanced, or weights by class"
        + (label.isClass() ? " like {" + label.classes().get(1) + ": 5}" : "");
  }
}
