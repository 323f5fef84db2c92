// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.data;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The label that a task learns.
 *
 * @param name the label's name
 * @param classes class names, in the order of the model's outputs; at least two, of a number none
 * @param lateness longest time between a part's end and its label's time, in source time
 * @param target what its text says
 */
public record LabelSpec(String name, List<String> classes, Duration lateness, Target target) {
  public LabelSpec {
    classes = List.copyOf(classes);
    boolean isValue = target.kind() == Target.Kind.VALUE;
    if (isValue ? !classes.isEmpty() : classes.size() < 2) {
      throw new IllegalArgumentException(
          "label "
              + name
              + (isValue ? " is a number without" : " needs at least two")
              + " classes");
    }
  }

  /** A label that names one class. */
  public LabelSpec(String name, List<String> classes, Duration lateness) {
    this(name, classes, lateness, Target.ONE_CLASS);
  }

  /** How many numbers a model gives: one per class, or the one that is learned. */
  public int outputs() {
    return target.kind() == Target.Kind.VALUE ? 1 : classes.size();
  }

  /** The word that a task says for what the label's text says. */
  public String kind() {
    return target.kind().name().toLowerCase(Locale.ROOT);
  }

  /** True if it names one class, of which models give probabilities. */
  public boolean isClass() {
    return target.kind() == Target.Kind.CLASS;
  }

  /** The numbers that a label's text stands for, as {@link Target#read}. */
  public Optional<double[]> read(String text) {
    return target.read(text, classes);
  }
}
