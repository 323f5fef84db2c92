// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.util.SplittableRandom;
import org.fedwerk.api.codec.RangeCodec;

/**
 * How many payload bytes a vector becomes when it is coded. How well values pack depends on them;
 * they are drawn by chance here, which packs no better than an update.
 */
final class UpdateSize {
  /** Elements per range unless a coordinator sets fewer. */
  private static final int RANGE = 24_000;

  private static final long SEED = 1;

  private UpdateSize() {}

  /**
   * Payload bytes, without the message that names the pieces.
   *
   * @param elements of the vector, at least 1
   */
  static long of(RangeCodec codec, int elements) {
    int whole = elements / RANGE;
    int rest = elements % RANGE;
    return (whole == 0 ? 0 : whole * (long) bytes(codec, RANGE))
        + (rest == 0 ? 0 : bytes(codec, rest));
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
