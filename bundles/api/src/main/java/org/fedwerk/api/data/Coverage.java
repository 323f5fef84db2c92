// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.data;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * What came of a site's newest parts under a schema.
 *
 * @param parts how many were looked at
 * @param windows those that gave a window, or an image that can be read
 * @param missing of each signal, in the schema's order, the share of its sampled values that are
 *     missing in these windows, 0 to 1; none where the input is an image, without a window, and
 *     where only features of the samples are kept
 * @param unlabelled those with a window that wait for a label; 0 where none is needed
 * @param late those with a window whose label came too late
 * @param reasons why parts gave no example, with how many of them, the most frequent first; neither
 *     for those that wait for a label nor for those whose label came late
 */
public record Coverage(
    int parts,
    int windows,
    List<Double> missing,
    int unlabelled,
    int late,
    Map<String, Integer> reasons) {
  public Coverage {
    missing = List.copyOf(missing);
  }

  /** Of parts that are examples already, the newest last. */
  public static Coverage of(Schema schema, List<Example> examples, int newest) {
    List<Example> some = examples.subList(Math.max(0, examples.size() - newest), examples.size());
    boolean sampled = schema.features().equals(WindowFeatures.NONE);
    long[] missing = new long[sampled ? schema.signals().size() : 0];
    some.forEach(each -> count(schema, each.window(), missing));
    return new Coverage(
        some.size(), some.size(), shares(schema, missing, some.size()), 0, 0, Map.of());
  }

  /**
   * Counts the values that a window lacks.
   *
   * @param window [signals x steps], before features are made of it
   * @param missing of each signal, is added to
   */
  public static void count(Schema schema, Tensor window, long[] missing) {
    int steps = schema.window().steps();
    for (int row = 0; row < missing.length; row++) {
      for (int k = 0; k < steps; k++) {
        missing[row] += Float.isNaN(window.values()[row * steps + k]) ? 1 : 0;
      }
    }
  }

  /**
   * Of each signal the share of values that is missing; none without a window.
   *
   * @param missing of each signal, over all windows
   */
  public static List<Double> shares(Schema schema, long[] missing, int windows) {
    double values = (double) schema.window().steps() * windows;
    return windows == 0
        ? List.of()
        : Arrays.stream(missing).mapToObj(each -> each / values).toList();
  }
}
