// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.util.List;
import org.fedwerk.api.Refusal;
import org.fedwerk.api.data.Example;
import org.fedwerk.api.data.ExampleSource;
import org.fedwerk.api.data.Schema;

/** Examples that a test sets. */
final class FakeExamples implements ExampleSource {
  volatile List<Example> examples = Tasks.examples(6, 3, 3);
  volatile List<Refusal> mismatches = List.of();
  volatile String open = "";

  @Override
  public List<Example> examples(Schema schema) {
    return examples;
  }

  @Override
  public int[] counts(Schema schema) {
    int[] counts = new int[3];
    examples.forEach(each -> counts[each.role().ordinal()]++);
    return counts;
  }

  @Override
  public List<Refusal> mismatches(Schema schema) {
    return mismatches;
  }

  @Override
  public PartsReport report() {
    return new PartsReport(0, 0, open, 0, 0, 0, 0, 0, List.of());
  }
}
