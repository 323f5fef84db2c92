// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.reliability.scale;

import java.util.Locale;
import java.util.SplittableRandom;

/**
 * The updates of all simulated sites, as whole numbers: any process can compute any of them. An
 * update's values are multiples of 2^-20, and the weights add up to 2^16, so that every product and
 * every sum of federated averaging is exact in float64 in any order, and whole numbers give the
 * same result bit for bit.
 *
 * @param sites how many
 * @param elements of an update
 * @param rangeElements of a chunk
 */
record Crowd(int sites, int elements, int rangeElements) {
  /** What the weights add up to, as a power of two. */
  private static final int WEIGHT_BITS = 16;

  /** Values are so many fractions of one. */
  static final int VALUE_BITS = 20;

  private static final int VALUE_MASK = 0xFFFF;
  private static final int HALF = 0x8000;
  private static final int SPREAD = 7;
  private static final long SEED = 0x5CA1EL;

  /** The id of a site; ids ascend with the numbers. */
  static String id(int site) {
    return String.format(Locale.ROOT, "site-%04d", site);
  }

  /** How many training examples a site says that it has. */
  int weight(int site) {
    int all = 1 << WEIGHT_BITS;
    int even = all / sites + (site < all % sites ? 1 : 0);
    // Two neighbours differ by as much up as down; the last of an odd number stands alone.
    int more = (site / 2) % SPREAD;
    boolean paired = (site ^ 1) < sites;
    return paired ? even + (site % 2 == 0 ? more : -more) : even;
  }

  int chunks() {
    return (elements + rangeElements - 1) / rangeElements;
  }

  /** Elements of a chunk. */
  int count(int chunk) {
    return Math.min(rangeElements, elements - chunk * rangeElements);
  }

  /** A site's values before any round, each from -2^15 to 2^15 - 1. */
  void values(int site, int[] into) {
    SplittableRandom random = new SplittableRandom(SEED + site);
    for (int i = 0; i < into.length; i += 2) {
      int two = random.nextInt();
      into[i] = (two & VALUE_MASK) - HALF;
      if (i + 1 < into.length) {
        into[i + 1] = (two >>> 16) - HALF;
      }
    }
  }

  /** The last value of each chunk in a round; so no chunk is like one of another round. */
  static int inRound(int value, int round) {
    return ((value + HALF + round) & VALUE_MASK) - HALF;
  }

  /** A whole number as the value that is sent. */
  static float sent(int value) {
    return (float) value / (1 << VALUE_BITS);
  }

  /** Adds the mean of the updates, given as the weighted sum of whole numbers, to a parameter. */
  static float plusMean(float parameter, long sum) {
    return (float) (parameter + (double) sum / (1L << (WEIGHT_BITS + VALUE_BITS)));
  }
}
