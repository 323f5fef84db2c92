// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.task.internal;

import java.util.List;
import org.fedwerk.api.task.CompressionSpec;
import org.fedwerk.api.task.CompressionSpec.Precision;
import org.fedwerk.api.task.CompressionSpec.Sparsity;
import org.fedwerk.api.task.LocalSpec;
import org.fedwerk.api.task.RoundsSpec;

/** How updates are made smaller, with what must fit together. */
final class CompressionSection {
  private static final String VALUES = "values";
  private static final String SHARE = "share";
  private static final String PRECISION = "precision";
  private static final String DEFLATE = "deflate";
  private static final String SKIP_BELOW = "skip-below";
  private static final List<String> KEYS = List.of(VALUES, SHARE, PRECISION, DEFLATE, SKIP_BELOW);

  /** With more of them positions and values take more than the values alone. */
  private static final double TOP_MOST = 0.5;

  private CompressionSection() {}

  /** Reads the group, which may be left out. */
  static CompressionSpec read(Mapping task, LocalSpec local, RoundsSpec rounds) {
    Mapping group = task.optionalGroup("compression", KEYS);
    Sparsity sparsity =
        switch (TaskSection.choice(group, VALUES, "all", "top-k", "mask")) {
          case "top-k" -> Sparsity.TOP_K;
          case "mask" -> Sparsity.MASK;
          default -> Sparsity.NONE;
        };
    Precision precision =
        switch (TaskSection.choice(group, PRECISION, "float32", "float16", "int8", "int4")) {
          case "float16" -> Precision.FLOAT16;
          case "int8" -> Precision.INT8;
          case "int4" -> Precision.INT4;
          default -> Precision.FLOAT32;
        };
    boolean deflate = TaskSection.choice(group, DEFLATE, "off", "on").equals("on");
    double skipBelow =
        group
            .optional(SKIP_BELOW)
            .map(value -> value.number("a number from 0 to 1000000", x -> x >= 0 && x <= 1e6, 0))
            .orElse(0.0);
    CompressionSpec spec =
        new CompressionSpec(sparsity, share(group, sparsity), precision, deflate, skipBelow);
    if (local.scaffold() && spec.isCoded() && group.sound(VALUES, PRECISION)) {
      group.refuse(
          spec.sparsity() != Sparsity.NONE ? VALUES : PRECISION,
          "does not go with local.scaffold, whose control variates must add up exactly; leave"
              + " compression out");
    }
    if (spec.hasMemory() && rounds.late().keeps()) {
      group.refuse(
          VALUES,
          "top-k does not go with late updates: what was left out is added once the update before"
              + " has counted; use mask, or rounds.late: drop");
    }
    return spec;
  }

  private static double share(Mapping group, Sparsity sparsity) {
    boolean all = sparsity == Sparsity.NONE;
    String part = "the part of the values that is sent, a number above 0, ";
    String description = part + (sparsity == Sparsity.TOP_K ? "at most 0.5" : "below 1");
    if (all && group.optional(SHARE).isPresent() && group.sound(VALUES)) {
      group.refuse(SHARE, "needs values: top-k or values: mask");
    }
    if (!all && group.sound(VALUES)) {
      group.required(SHARE, description);
    }
    double most = sparsity == Sparsity.TOP_K ? TOP_MOST : Math.nextDown(1.0);
    return group
        .optional(SHARE)
        .map(value -> value.number(description, x -> x > 0 && (all || x <= most), 1))
        .orElse(1.0);
  }
}
