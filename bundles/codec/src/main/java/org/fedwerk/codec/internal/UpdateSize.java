// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.codec.internal;

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
  private static final long SEED = 1;

  private UpdateSize() {}

  /** Payload bytes of a vector in ranges, without the message that names the pieces. */
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
    return codec instanceof LowRankRange factors
        ? factors.payload(SEED)
        : codec.encode(drawn(elements, SEED), SEED, SEED).length;
  }

  /** Values between -1 and 1. */
  static float[] drawn(int elements, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[elements];
    for (int i = 0; i < elements; i++) {
      values[i] = (float) random.nextDouble(-1, 1);
    }
    return values;
  }
}
