// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.util.List;
import org.fedwerk.api.Refusal;
import org.fedwerk.api.data.Coverage;
import org.fedwerk.api.data.Example;
import org.fedwerk.api.data.ExampleSource;
import org.fedwerk.api.data.Schema;
import org.jspecify.annotations.Nullable;

/** Examples that a test sets. */
final class FakeExamples implements ExampleSource {
  volatile List<Example> examples = Tasks.examples(6, 3, 3);
  volatile List<Refusal> mismatches = List.of();
  volatile String open = "";

  /** What came of the newest parts; null for what the examples tell. */
  volatile @Nullable Coverage coverage;

  @Override
  public List<Example> examples(Schema schema) {
    return examples;
  }

  @Override
  public Coverage coverage(Schema schema, int newest) {
    Coverage given = coverage;
    return given == null ? Coverage.of(schema, examples, newest) : given;
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
