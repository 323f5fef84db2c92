// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.codec.internal;

/**
 * Numbers from a seed, the same on every machine and Java runtime for ever: SplitMix64 (Steele, Lea
 * and Flood 2014). Not for secrets.
 */
final class Draws {
  private long state;

  Draws(long seed) {
    state = seed;
  }

  /** Uniform in [0, 1), a multiple of 2^-24. */
  float next() {
    return (nextLong() >>> 40) * 0x1.0p-24f;
  }

  /** Uniform from 0 to below a bound, up to a bias of bound / 2^63. */
  int below(int bound) {
    return (int) ((nextLong() >>> 1) % bound);
  }

  private long nextLong() {
    state += 0x9E3779B97F4A7C15L;
    long z = state;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
