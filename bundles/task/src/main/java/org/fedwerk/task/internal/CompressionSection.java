// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.task.internal;

import java.util.List;
import java.util.Optional;
import org.fedwerk.api.task.Coding;
import org.fedwerk.api.task.CompressionSpec;
import org.fedwerk.api.task.LocalSpec;
import org.fedwerk.api.task.RoundsSpec;
import org.fedwerk.api.task.StrategySpec;

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
  static CompressionSpec read(
      Mapping task, LocalSpec local, StrategySpec strategy, RoundsSpec rounds) {
    Mapping group = task.optionalGroup("compression", KEYS);
    Coding up = CodingKeys.read(group, "all", "top-k", "mask", "low-rank");
    double skipBelow =
        group
            .optional(SKIP_BELOW)
            .map(value -> value.number("a number from 0 to 1000000", x -> x >= 0 && x <= 1e6, 0))
            .orElse(0.0);
    CompressionSpec spec = new CompressionSpec(up, skipBelow, down(group));
    if (local.scaffold()) {
      refuseWithControlVariates(group, spec);
    }
    if (spec.down().isPresent() && local.split().isPresent()) {
      group.refuse(
          DOWN,
          "does not go with local.split: a new model is a copy of another, and no small change of"
              + " what stood in its place");
    }
    String word = up.sparsity() == Coding.Sparsity.LOW_RANK ? CodingKeys.LOW_RANK : "top-k";
    if (spec.hasMemory() && local.isClustered()) {
      group.refuse(
          CodingKeys.VALUES,
          word
              + " does not go with local.clusters: what was left out of one cluster's update would"
              + " reach another; use mask");
    }
    if (spec.hasMemory() && strategy.aggregator().equals("qfedavg")) {
      group.refuse(
          CodingKeys.VALUES,
          word
              + " does not go with strategy.aggregator: qfedavg, whose step is bounded by the norm of"
              + " a whole update; use mask");
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

  /** Each key that makes something smaller by itself, as the author wrote it. */
  private static void refuseWithControlVariates(Mapping group, CompressionSpec spec) {
    Coding up = spec.up();
    beside(group, CodingKeys.VALUES, up.sparsity() != Coding.Sparsity.NONE);
    beside(group, CodingKeys.PRECISION, up.precision() != Coding.Precision.FLOAT32);
    beside(group, CodingKeys.DEFLATE, up.packing() == Coding.Packing.DEFLATE);
    beside(group, CodingKeys.ZSTD, up.packing() == Coding.Packing.ZSTD);
    beside(group, SKIP_BELOW, spec.skipBelow() > 0);
    beside(group, DOWN, spec.down().isPresent());
  }

  private static void beside(Mapping group, String key, boolean stands) {
    if (stands && group.sound(key)) {
      group.refuse(
          key,
          "does not go with local.scaffold, whose control variates must add up exactly; leave"
              + " compression out");
    }
  }
}
