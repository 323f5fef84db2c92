// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.learn.internal;

/**
 * The generator SplitMix64 (Steele, Lea, Flood 2014; constants of Vigna's public-domain version).
 *
 * <p>Written out here because a model's first vector must be the same on every Java runtime for
 * ever, and the algorithms behind java.util's newer generators are not part of their contract.
 */
final class SplitMix64 {
  private long state;

  SplitMix64(long seed) {
    state = seed;
  }

  long nextLong() {
    state += 0x9E3779B97F4A7C15L;
    long z = state;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** Uniform in [0, 1), a multiple of 2^-53. */
  double nextDouble() {
    return (nextLong() >>> 11) * 0x1.0p-53;
  }
}
