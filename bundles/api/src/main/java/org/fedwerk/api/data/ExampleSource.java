// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.data;

import java.util.List;
import org.fedwerk.api.Refusal;

/**
 * The site's examples for a schema. Implemented by the window room over the store. Any thread may
 * call.
 */
public interface ExampleSource {
  /**
   * All labelled examples, in anomaly detection also those without a label, in the order of the
   * parts' ordinals. May take a while for the first call of a schema; later calls add what is new.
   */
  List<Example> examples(Schema schema);

  /** How many examples are of use in each role: [train, validation, test]. */
  int[] counts(Schema schema);

  /**
   * The fields in which this site's signals and labels differ from the schema, by name; empty if
   * they serve it.
   */
  List<Refusal> mismatches(Schema schema);

  /**
   * What came of the newest parts under a schema, also of those without a label. It derives what
   * was not asked for before, and may take a while.
   *
   * @param newest how many parts are looked at, at most
   */
  default Coverage coverage(Schema schema, int newest) {
    return Coverage.of(schema, examples(schema), newest);
  }

  /** Counts and newest reasons why no window came. */
  PartsReport report();

  /**
   * What became of parts.
   *
   * @param stored closed and stored
   * @param labelled those with a label
   * @param open serial of the part that is open, empty if none
   * @param missingSamples samples that were bad, of a wrong type or NaN
   * @param unmappedLabels labels with unknown code
   * @param lateLabels labels beyond the lateness bound, or for parts no longer kept
   * @param waitingLabels labels whose part has not come yet
   * @param evicted parts removed to keep the bounds of bytes and age
   * @param recent newest first: serial and what became of it
   */
  record PartsReport(
      long stored,
      long labelled,
      String open,
      long missingSamples,
      long unmappedLabels,
      long lateLabels,
      long waitingLabels,
      long evicted,
      List<Fate> recent) {
    public PartsReport {
      recent = List.copyOf(recent);
    }
  }

  /**
   * One part's fate: {@code window}, {@code no window}, {@code waiting for label} with the reason.
   */
  record Fate(String serial, String state, String reason) {}
}
