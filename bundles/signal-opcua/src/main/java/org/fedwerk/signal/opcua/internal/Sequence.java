// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.signal.opcua.internal;

/** Sequence numbers of notification messages: 1 to 2^32 - 1, then 1 again (Part 4, 7.25). */
final class Sequence {
  private static final long LAST = 0xFFFF_FFFFL;

  private Sequence() {}

  static long next(long sequence) {
    return sequence >= LAST ? 1 : sequence + 1;
  }

  /** Steps from one number forward to another; more than half the range means backward. */
  static long steps(long from, long to) {
    return Math.floorMod(to - from, LAST);
  }

  static boolean isBefore(long one, long other) {
    return one != other && steps(one, other) < LAST / 2;
  }
}
