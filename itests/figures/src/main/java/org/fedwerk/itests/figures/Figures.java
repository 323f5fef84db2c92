// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.figures;

import java.io.PrintStream;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Figures measured in this run: each printed once as {@code figure <name> <value> <unit>}; a
 * missing or unusable one fails the run.
 */
public final class Figures {
  private final PrintStream out;
  private final Map<String, Double> values = new LinkedHashMap<>();
  private final Set<String> absent = new HashSet<>();

  /** Prints to a stream. */
  public Figures(PrintStream out) {
    this.out = out;
  }

  /**
   * Prints a figure.
   *
   * @throws IllegalStateException if it was printed before or is no finite number
   */
  public void print(String name, double value, String unit) {
    if (!Double.isFinite(value)) {
      throw new IllegalStateException("figure " + name + " is not a number");
    }
    if (values.put(name, value) != null) {
      throw new IllegalStateException("figure " + name + " was measured twice");
    }
    out.println("figure " + name + " " + text(value) + " " + unit);
  }

  private static String text(double value) {
    double size = Math.abs(value);
    if (value == Math.rint(value) && size < 1e15) {
      return Long.toString((long) value);
    }
    String format = size < 1e-3 ? "%.2e" : size < 10 ? "%.4f" : "%.1f";
    return String.format(Locale.ROOT, format, value);
  }

  /** Says why this machine has no such figure. */
  public void absent(String name, String reason) {
    absent.add(name);
    out.println("absent " + name + ": " + reason);
  }

  /** A figure printed before. */
  public double value(String name) {
    Double value = values.get(name);
    if (value == null) {
      throw new IllegalStateException("figure " + name + " was not measured");
    }
    return value;
  }

  /** Fails unless all of these were printed, or it was said why this machine has them not. */
  public void require(List<String> names) {
    names.stream().filter(name -> !absent.contains(name)).forEach(this::value);
  }
}
