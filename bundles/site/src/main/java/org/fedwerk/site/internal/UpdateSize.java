// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.fedwerk.api.codec.RangeCodec;
import org.fedwerk.api.codec.UpdateRange;

/**
 * How many payload bytes a vector becomes when it is coded. How well values pack depends on them;
 * they are drawn by chance here, which packs no better than an update.
 */
final class UpdateSize {
  /** Elements per range unless a coordinator sets fewer. */
  static final int RANGE = 24_000;

  private static final long SEED = 1;

  private UpdateSize() {}

  /**
   * Payload bytes of a vector in even ranges, without the message that names the pieces.
   *
   * @param elements of the vector, at least 1
   */
  static long of(RangeCodec codec, int elements) {
    List<UpdateRange> ranges = new ArrayList<>();
    for (int from = 0; from < elements; from += RANGE) {
      ranges.add(new UpdateRange(from, Math.min(RANGE, elements - from), codec));
    }
    return of(ranges);
  }

  /** Payload bytes of an update, likewise. */
  static long of(List<UpdateRange> ranges) {
    // A range's place changes nothing of its size.
    Map<UpdateRange, Integer> sizes = new HashMap<>();
    long sum = 0;
    for (UpdateRange range : ranges) {
      UpdateRange alike = new UpdateRange(0, range.count(), range.codec());
      sum += sizes.computeIfAbsent(alike, each -> bytes(each.codec(), each.count()));
    }
    return sum;
  }

  private static int bytes(RangeCodec codec, int elements) {
    SplittableRandom random = new SplittableRandom(SEED);
    float[] values = new float[elements];
    for (int i = 0; i < elements; i++) {
      values[i] = (float) random.nextDouble(-1, 1);
    }
    return codec.encode(values, SEED, SEED).length;
  }
}
