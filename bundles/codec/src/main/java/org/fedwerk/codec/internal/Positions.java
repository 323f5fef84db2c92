// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.codec.internal;

import java.nio.ByteBuffer;

/**
 * Ascending positions within a range: their number, then for each how many lie between it and the
 * one before, whole numbers in groups of seven bits, least first.
 */
final class Positions {
  /** Bytes of a number, at most. */
  static final int MOST_BYTES = 4;

  private Positions() {}

  static void write(int[] chosen, ByteBuffer out) {
    number(chosen.length, out);
    int before = -1;
    for (int position : chosen) {
      number(position - before - 1, out);
      before = position;
    }
  }

  static int[] read(ByteBuffer in, int count) {
    int kept = number(in);
    if (kept > count) {
      throw CodedRange.malformed("it has " + kept + " values of " + count);
    }
    int[] chosen = new int[kept];
    long before = -1;
    for (int i = 0; i < kept; i++) {
      before += number(in) + 1L;
      if (before >= count) {
        throw CodedRange.malformed("a value stands behind its end");
      }
      chosen[i] = (int) before;
    }
    return chosen;
  }

  private static void number(int value, ByteBuffer out) {
    int rest = value;
    while (rest > 0x7f) {
      out.put((byte) (rest & 0x7f | 0x80));
      rest >>>= 7;
    }
    out.put((byte) rest);
  }

  private static int number(ByteBuffer in) {
    int value = 0;
    for (int shift = 0; shift < 28; shift += 7) {
      int next = in.get();
      value |= (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw CodedRange.malformed("a number in it is too long");
  }
}
