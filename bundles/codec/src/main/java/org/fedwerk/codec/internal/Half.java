// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.codec.internal;

/** IEEE 754 binary16. */
final class Half {
  static final float MOST = 65504;

  private Half() {}

  /** To the nearest, ties to even; beyond the largest finite value that one. */
  static short of(float value) {
    int bits = Float.floatToRawIntBits(Math.max(-MOST, Math.min(MOST, value)));
    int sign = bits >>> 16 & 0x8000;
    int exponent = (bits >>> 23 & 0xff) - 112;
    int mantissa = bits & 0x7fffff;
    if (exponent <= 0) {
      int shift = 14 - exponent;
      return (short) (shift > 24 ? sign : sign | rounded(mantissa | 0x800000, shift));
    }
    // A mantissa that rounds up carries into the exponent, as it should.
    return (short) (sign | rounded(exponent << 23 | mantissa, 13));
  }

  private static int rounded(int value, int shift) {
    int half = 1 << shift - 1;
    int rest = value & (1 << shift) - 1;
    int kept = value >>> shift;
    boolean up = rest > half || rest == half && (kept & 1) == 1;
    return up ? kept + 1 : kept;
  }

  static float value(short half) {
    int sign = (half & 0x8000) << 16;
    int exponent = half >>> 10 & 0x1f;
    int mantissa = half & 0x3ff;
    if (exponent == 0) {
      float small = mantissa * 0x1.0p-24f;
      return sign == 0 ? small : -small;
    }
    int wide = exponent == 0x1f ? 0xff : exponent + 112;
    return Float.intBitsToFloat(sign | wide << 23 | mantissa << 13);
  }
}
