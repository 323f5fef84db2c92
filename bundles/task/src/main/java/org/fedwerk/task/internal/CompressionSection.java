// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.task.internal;

import java.util.List;
import java.util.Optional;
import org.fedwerk.api.task.Coding;
import org.fedwerk.api.task.CompressionSpec;
import org.fedwerk.api.task.LocalSpec;
import org.fedwerk.api.task.RoundsSpec;

/** How updates and models are made smaller, with what must fit together. */
final class CompressionSection {
  private static final String DOWN = "down";
  private static final String SKIP_BELOW = "skip-below";
  private static final List<String> KEYS =
      List.of(
          CodingKeys.VALUES,
          CodingKeys.SHARE,
          CodingKeys.RANK,
          CodingKeys.PRECISION,
          CodingKeys.DEFLATE,
          CodingKeys.ZSTD,
          SKIP_BELOW,
          DOWN);

  private CompressionSection() {}

  /** Reads the group, which may be left out. */
  static CompressionSpec read(Mapping task, LocalSpec local, RoundsSpec rounds) {
    Mapping group = task.optionalGroup("compression", KEYS);
    Coding up = CodingKeys.read(group, "all", "top-k", "mask", "low-rank");
    double skipBelow =
        group
            .optional(SKIP_BELOW)
            .map(value -> value.number("a number from 0 to 1000000", x -> x >= 0 && x <= 1e6, 0))
            .orElse(0.0);
    CompressionSpec spec = new CompressionSpec(up, skipBelow, down(group));
    if (local.scaffold() && group.sound(CodingKeys.VALUES, CodingKeys.PRECISION, DOWN)) {
      refuseWithControlVariates(group, spec);
    }
    String word = up.sparsity() == Coding.Sparsity.LOW_RANK ? CodingKeys.LOW_RANK : "top-k";
    if (spec.hasMemory() && local.isClustered()) {
      group.refuse(
          CodingKeys.VALUES,
          word
              + " does not go with local.clusters: what was left out of one cluster's update would"
              + " reach another; use mask");
    }
    if (spec.hasMemory() && rounds.late().keeps()) {
      group.refuse(
          CodingKeys.VALUES,
          word
              + " does not go with late updates: what was left out is added once the update before"
              + " has counted; use mask, or rounds.late: drop");
    }
    return spec;
  }

  private static Optional<Coding> down(Mapping group) {
    if (group.optional(DOWN).isEmpty()) {
      return Optional.empty();
    }
    Mapping down = group.optionalGroup(DOWN, CodingKeys.ALL);
    Coding coding = CodingKeys.read(down, "all", "top-k");
    if (coding.equals(Coding.NONE)
        && group.sound(DOWN)
        && down.sound(CodingKeys.ALL.toArray(String[]::new))) {
      group.refuse(DOWN, "makes nothing smaller; give values: top-k, a precision, deflate or zstd");
    }
    return Optional.of(coding);
  }

  private static void refuseWithControlVariates(Mapping group, CompressionSpec spec) {
    String why =
        "does not go with local.scaffold, whose control variates must add up exactly; leave"
            + " compression out";
    if (spec.isCoded()) {
      boolean sparse = spec.up().sparsity() != Coding.Sparsity.NONE;
      group.refuse(sparse ? CodingKeys.VALUES : CodingKeys.PRECISION, why);
    }
    if (spec.down().isPresent()) {
      group.refuse(DOWN, why);
    }
  }
}
