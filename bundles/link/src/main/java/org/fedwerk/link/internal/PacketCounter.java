// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.link.internal;

import java.util.function.IntPredicate;

/**
 * Counts MQTT packets as their bytes pass, in pieces of any size (MQTT 5, section 2.1: a first byte
 * with type and flags, the length of the rest in one to four bytes of seven bits, the rest). Bytes
 * pass on one thread; any thread may read the count.
 */
final class PacketCounter {
  private static final int MORE = 0x80;
  private static final int BITS = 7;

  private final IntPredicate counted;
  private boolean begins = true;
  private boolean isLengthKnown;
  private int shift;
  private long rest;
  private volatile long count;

  /**
   * Nothing has passed.
   *
   * @param counted true for first bytes, 0 to 255, of packets that count
   */
  PacketCounter(IntPredicate counted) {
    this.counted = counted;
  }

  /** Packets that have begun to pass. */
  long count() {
    return count;
  }

  /** Bytes pass. */
  void passed(byte[] bytes, int offset, int length) {
    int at = offset;
    int end = offset + length;
    while (at < end) {
      if (isLengthKnown) {
        int skipped = (int) Math.min(rest, end - at);
        at += skipped;
        rest -= skipped;
        endIfOver();
      } else {
        passed(bytes[at++] & 0xff);
      }
    }
  }

  /** One byte passes. */
  void passed(int one) {
    if (isLengthKnown) {
      rest--;
      endIfOver();
    } else if (begins) {
      begins = false;
      if (counted.test(one)) {
        count = count + 1;
      }
    } else {
      rest |= (long) (one & (MORE - 1)) << shift;
      shift += BITS;
      isLengthKnown = (one & MORE) == 0;
      endIfOver();
    }
  }

  private void endIfOver() {
    if (isLengthKnown && rest == 0) {
      begins = true;
      isLengthKnown = false;
      shift = 0;
    }
  }
}
