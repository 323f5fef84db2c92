// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.data;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What a label's text says, and how a model is told.
 *
 * @param kind one class, any number of classes, a number, or whether a part is normal
 * @param unit of a number, as the sites write it; empty if it has none
 * @param centre of a number, in its unit: what a model's output 0 stands for
 * @param scale of a number, in its unit, above 0: what a step of 1 in a model's output stands for
 */
public record Target(Kind kind, String unit, double centre, double scale) {
  /** One class of several. */
  public static final Target ONE_CLASS = new Target(Kind.CLASS, "", 0, 1);

  /** Any number of classes at once, also none. */
  public static final Target SOME_CLASSES = new Target(Kind.CLASSES, "", 0, 1);

  /** Whether a part is normal. */
  public static final Target NORMALITY = new Target(Kind.ANOMALY, "", 0, 1);

  /** What is predicted of a part whose anomaly score is not above the threshold. */
  public static final String NORMAL = "normal";

  /** What is predicted of a part whose anomaly score is above the threshold. */
  public static final String ANOMALY = "anomaly";

  /** Between the names of classes that a part has at once. */
  public static final String AND = "+";

  /** A part that has none of the classes. */
  public static final String NONE = "-";

  /** What is learned. */
  public enum Kind {
    /** Classification: the label is the name of a class. */
    CLASS,
    /** Multi-label classification: the names of classes, joined by {@link #AND}. */
    CLASSES,
    /** Regression: a decimal number. */
    VALUE,
    /**
     * Unsupervised anomaly detection: nothing has to be known of a part. A label, where there is
     * one, names a class; the first is the normal one, any other a defect.
     */
    ANOMALY
  }

  public Target {
    if (!(scale > 0) || !Double.isFinite(scale) || !Double.isFinite(centre)) {
      throw new IllegalArgumentException(
          "a target needs a finite centre and a scale above 0, not " + centre + " and " + scale);
    }
  }

  /** From the label's unit to a model's output. */
  public float scaled(double value) {
    return (float) ((value - centre) / scale);
  }

  /** From a model's output to the label's unit. */
  public double value(float output) {
    return centre + scale * output;
  }

  /**
   * The numbers that a label's text stands for: of {@code CLASS} the index of the class, of {@code
   * CLASSES} a 1 or 0 per class, of {@code VALUE} the number in its unit, of {@code ANOMALY} 0 for
   * a normal part and 1 for a defect.
   *
   * @return empty if the text says nothing that the label knows
   */
  public Optional<double[]> read(String text, List<String> classes) {
    return switch (kind) {
      case CLASS -> index(text, classes);
      case CLASSES -> some(text, classes);
      case VALUE -> number(text);
      case ANOMALY -> index(text, classes).map(index -> new double[] {Math.min(1, index[0])});
    };
  }

  private static Optional<double[]> index(String text, List<String> classes) {
    int index = classes.indexOf(text);
    return index < 0 ? Optional.empty() : Optional.of(new double[] {index});
  }

  private static Optional<double[]> some(String text, List<String> classes) {
    double[] present = new double[classes.size()];
    if (!text.equals(NONE)) {
      for (String name : names(text)) {
        int index = classes.indexOf(name);
        if (index < 0) {
          return Optional.empty();
        }
        present[index] = 1;
      }
    }
    return Optional.of(present);
  }

  /** The names in a text of {@code CLASSES}; none for {@link #NONE}. */
  public static List<String> names(String text) {
    return text.equals(NONE) ? List.of() : Arrays.asList(text.split("\\+", -1));
  }

  private static Optional<double[]> number(String text) {
    try {
      double value = Double.parseDouble(text);
      return Double.isFinite(value) ? Optional.of(new double[] {value}) : Optional.empty();
    } catch (NumberFormatException noNumber) {
      return Optional.empty();
    }
  }
}
