// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.internal;

import java.util.List;
import org.fedwerk.api.Refusal;
import org.fedwerk.api.data.DataRole;
import org.fedwerk.api.data.Example;
import org.fedwerk.api.data.ExampleSource;
import org.fedwerk.api.data.Schema;

/** A site's examples that are there from the start, for one schema. */
public final class GivenExamples implements ExampleSource {
  private final List<Example> examples;

  /** All of them, each with its role. */
  public GivenExamples(List<Example> examples) {
    this.examples = List.copyOf(examples);
  }

  @Override
  public List<Example> examples(Schema schema) {
    return examples;
  }

  @Override
  public int[] counts(Schema schema) {
    int[] counts = new int[DataRole.values().length];
    examples.stream()
        .filter(each -> each.role() != DataRole.TRAIN || schema.label().learnsFrom(each))
        .forEach(each -> counts[each.role().ordinal()]++);
    return counts;
  }

  @Override
  public List<Refusal> mismatches(Schema schema) {
    return List.of();
  }

  @Override
  public PartsReport report() {
    return new PartsReport(examples.size(), examples.size(), "", 0, 0, 0, 0, 0, List.of());
  }
}
