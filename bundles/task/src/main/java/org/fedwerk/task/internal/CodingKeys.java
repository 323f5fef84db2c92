// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.task.internal;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.fedwerk.api.task.Coding;
import org.fedwerk.api.task.Coding.Packing;
import org.fedwerk.api.task.Coding.Precision;
import org.fedwerk.api.task.Coding.Sparsity;

/** How a vector is made smaller: the keys of one direction. */
final class CodingKeys {
  static final String ALL_VALUES = "all";
  static final String LOW_RANK = "low-rank";
  static final String VALUES = "values";
  static final String SHARE = "share";
  static final String RANK = "rank";
  static final String PRECISION = "precision";
  static final String DEFLATE = "deflate";
  static final String ZSTD = "zstd";

  /** Those that do not need to know the model's entries. */
  static final List<String> ALL = List.of(VALUES, SHARE, PRECISION, DEFLATE, ZSTD);

  /** With more of them positions and values take more than the values alone. */
  private static final double TOP_MOST = 0.5;

  private static final int RANK_MOST = 64;

  private CodingKeys() {}

  /**
   * Reads them.
   *
   * @param values words that are allowed for {@value #VALUES}, the default first
   */
  static Coding read(Mapping group, String... values) {
    Sparsity sparsity =
        switch (TaskSection.choice(group, VALUES, values)) {
          case "top-k" -> Sparsity.TOP_K;
          case "mask" -> Sparsity.MASK;
          case LOW_RANK -> Sparsity.LOW_RANK;
          default -> Sparsity.NONE;
        };
    Precision precision =
        switch (TaskSection.choice(group, PRECISION, "float32", "float16", "int8", "int4")) {
          case "float16" -> Precision.FLOAT16;
          case "int8" -> Precision.INT8;
          case "int4" -> Precision.INT4;
          default -> Precision.FLOAT32;
        };
    return new Coding(
        sparsity,
        share(group, sparsity, values),
        precision,
        packing(group),
        rank(group, sparsity, values));
  }

  private static Packing packing(Mapping group) {
    boolean deflate = TaskSection.choice(group, DEFLATE, "off", "on").equals("on");
    boolean zstd = TaskSection.choice(group, ZSTD, "off", "on").equals("on");
    if (deflate && zstd) {
      group.refuse(ZSTD, "stands beside deflate: on; what is packed twice is not smaller");
    }
    return zstd ? Packing.ZSTD : deflate ? Packing.DEFLATE : Packing.NONE;
  }

  private static double share(Mapping group, Sparsity sparsity, String... values) {
    boolean some = sparsity == Sparsity.TOP_K || sparsity == Sparsity.MASK;
    String part = "the part of the values that is sent, a number above 0, ";
    String description = part + (sparsity == Sparsity.TOP_K ? "at most 0.5" : "below 1");
    if (!some && group.optional(SHARE).isPresent() && group.sound(VALUES)) {
      String sparse =
          Stream.of(values)
              .filter(word -> !word.equals(ALL_VALUES) && !word.equals(LOW_RANK))
              .collect(Collectors.joining(" or values: "));
      group.refuse(SHARE, "needs values: " + sparse);
    }
    if (some && group.sound(VALUES)) {
      group.required(SHARE, description);
    }
    double most = sparsity == Sparsity.TOP_K ? TOP_MOST : Math.nextDown(1.0);
    return group
        .optional(SHARE)
        .map(value -> value.number(description, x -> x > 0 && (!some || x <= most), 1))
        .orElse(1.0);
  }

  private static int rank(Mapping group, Sparsity sparsity, String... values) {
    if (sparsity == Sparsity.LOW_RANK) {
      return group
          .required(RANK, "the most columns of a factor, 1 to " + RANK_MOST)
          .map(value -> (int) value.whole(1, RANK_MOST))
          .orElse(1);
    }
    boolean known = List.of(values).contains(LOW_RANK);
    if (known && group.optional(RANK).isPresent() && group.sound(VALUES)) {
      group.refuse(RANK, "needs values: " + LOW_RANK);
    }
    return 0;
  }
}
