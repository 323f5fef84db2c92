// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.data;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The label that a task learns.
 *
 * @param name the label's name; empty if a task of anomalies has none
 * @param classes class names, in the order of the model's outputs; at least two, of a number none.
 *     Of anomalies the first is the normal one; none without a name
 * @param lateness longest time between a part's end and its label's time, in source time
 * @param target what its text says
 */
public record LabelSpec(String name, List<String> classes, Duration lateness, Target target) {
  public LabelSpec {
    classes = List.copyOf(classes);
    boolean isValue = target.kind() == Target.Kind.VALUE;
    boolean isUnnamed = target.kind() == Target.Kind.ANOMALY && name.isEmpty();
    if (isValue || isUnnamed ? !classes.isEmpty() : classes.size() < 2) {
      throw new IllegalArgumentException(
          "label "
              + name
              + (isValue || isUnnamed ? " is one without" : " needs at least two")
              + " classes");
    }
  }

  /** A label that names one class. */
  public LabelSpec(String name, List<String> classes, Duration lateness) {
    this(name, classes, lateness, Target.ONE_CLASS);
  }

  /** How many numbers are known of a part: one per class, the one that is learned, or the score. */
  public int outputs() {
    return switch (target.kind()) {
      case CLASS, CLASSES -> classes.size();
      case VALUE, ANOMALY -> 1;
    };
  }

  /** The word that a task says for what the label's text says. */
  public String kind() {
    return target.kind().name().toLowerCase(Locale.ROOT);
  }

  /** True if it names one class, of which models give probabilities. */
  public boolean isClass() {
    return target.kind() == Target.Kind.CLASS;
  }

  /** True if parts without a label are examples. */
  public boolean isAnomaly() {
    return target.kind() == Target.Kind.ANOMALY;
  }

  /**
   * True if a model may learn from an example: in anomaly detection from those that are not
   * labelled as a defect, since a part that nobody labelled counts as normal.
   */
  public boolean learnsFrom(Example example) {
    return !isAnomaly() || example.classIndex() != Example.DEFECT;
  }

  /** The numbers that a label's text stands for, as {@link Target#read}. */
  public Optional<double[]> read(String text) {
    return target.read(text, classes);
  }
}
