// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.window.internal;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.fedwerk.api.data.Coverage;
import org.fedwerk.api.data.Schema;
import org.fedwerk.api.data.Tensor;

/** Counts what came of parts. For one thread. */
final class CoverageCount {
  private static final String SPARSE = "more than half of its values are missing";

  private final Schema schema;
  private final long[] missing;
  private final Map<String, Integer> reasons = new HashMap<>();
  private int parts;
  private int windows;
  private int unlabelled;
  private int late;

  CoverageCount(Schema schema) {
    this.schema = schema;
    missing = new long[schema.signals().size()];
  }

  /**
   * A part without a window.
   *
   * @param gone values that are missing
   */
  void noWindow(int gone, String reason) {
    parts++;
    // Its text counts the values, so no two of them would be the same reason.
    reasons.merge(gone < schema.sampledSize() ? SPARSE : reason, 1, Integer::sum);
  }

  /**
   * A part that is an example.
   *
   * @param sampled its window [signals x steps] before features are made of it, or its image
   */
  void example(Tensor sampled) {
    window(sampled);
  }

  /** A part that waits for its label. */
  void unlabelled(Tensor sampled) {
    unlabelled++;
    window(sampled);
  }

  /** A part whose label came too late. */
  void late(Tensor sampled) {
    late++;
    window(sampled);
  }

  /** A part whose label says nothing that the schema knows. */
  void unread(Tensor sampled, String reason) {
    reasons.merge(reason, 1, Integer::sum);
    window(sampled);
  }

  private void window(Tensor sampled) {
    parts++;
    windows++;
    Coverage.count(schema, sampled, missing);
  }

  /** What it came to. */
  Coverage coverage() {
    Map<String, Integer> frequent = new LinkedHashMap<>();
    reasons.entrySet().stream()
        .sorted(
            Map.Entry.<String, Integer>comparingByValue()
                .reversed()
                .thenComparing(Map.Entry.comparingByKey()))
        .forEach(each -> frequent.put(each.getKey(), each.getValue()));
    return new Coverage(
        parts, windows, Coverage.shares(schema, missing, windows), unlabelled, late, frequent);
  }
}
