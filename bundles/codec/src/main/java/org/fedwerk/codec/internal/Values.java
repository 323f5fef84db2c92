// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.codec.internal;

import java.nio.ByteBuffer;
import org.fedwerk.api.task.Coding.Precision;

/**
 * Values one after the other in a precision, little-endian. Integers come in blocks: the block's
 * largest magnitude over the largest integer as float32, then the integers, each value rounded up
 * or down by chance so that its expectation is the value (Alistarh et al. 2017, QSGD). Eight bits
 * have blocks of 4096 and four bits, two to a byte, blocks of 64: 25.02 % and 14.06 % of float32.
 */
final class Values {
  private static final int BLOCK8 = 4096;
  private static final int BLOCK4 = 64;
  private static final int MOST8 = 127;
  private static final int MOST4 = 7;

  private Values() {}

  /** Bytes of so many values. */
  static int bytes(Precision precision, int count) {
    return switch (precision) {
      case FLOAT32 -> 4 * count;
      case FLOAT16 -> 2 * count;
      case INT8 -> count + 4 * blocks(count, BLOCK8);
      case INT4 -> (count + 1) / 2 + 4 * blocks(count, BLOCK4);
    };
  }

  private static int blocks(int count, int size) {
    return (count + size - 1) / size;
  }

  static void write(Precision precision, float[] values, Draws draws, ByteBuffer out) {
    switch (precision) {
      case FLOAT32 -> {
        for (float value : values) {
          out.putFloat(value);
        }
      }
      case FLOAT16 -> {
        for (float value : values) {
          out.putShort(Half.of(value));
        }
      }
      case INT8 -> {
        for (int from = 0; from < values.length; from += BLOCK8) {
          int to = Math.min(values.length, from + BLOCK8);
          float scale = scale(values, from, to, MOST8, out);
          for (int i = from; i < to; i++) {
            out.put((byte) rounded(values[i], scale, MOST8, draws));
          }
        }
      }
      case INT4 -> {
        for (int from = 0; from < values.length; from += BLOCK4) {
          int to = Math.min(values.length, from + BLOCK4);
          float scale = scale(values, from, to, MOST4, out);
          for (int i = from; i < to; i += 2) {
            int low = rounded(values[i], scale, MOST4, draws) & 0xf;
            int high = i + 1 < to ? rounded(values[i + 1], scale, MOST4, draws) & 0xf : 0;
            out.put((byte) (high << 4 | low));
          }
        }
      }
    }
  }

  private static float scale(float[] values, int from, int to, int most, ByteBuffer out) {
    float largest = 0;
    for (int i = from; i < to; i++) {
      largest = Math.max(largest, Math.abs(values[i]));
    }
    float scale = largest / most;
    out.putFloat(scale);
    return scale;
  }

  private static int rounded(float value, float scale, int most, Draws draws) {
    float chance = draws.next();
    if (scale == 0) {
      return 0;
    }
    int whole = (int) Math.floor((double) value / scale + chance);
    return Math.max(-most, Math.min(most, whole));
  }

  static float[] read(Precision precision, int count, ByteBuffer in) {
    float[] values = new float[count];
    switch (precision) {
      case FLOAT32 -> {
        for (int i = 0; i < count; i++) {
          values[i] = in.getFloat();
        }
      }
      case FLOAT16 -> {
        for (int i = 0; i < count; i++) {
          values[i] = Half.value(in.getShort());
        }
      }
      case INT8 -> {
        for (int from = 0; from < count; from += BLOCK8) {
          float scale = in.getFloat();
          for (int i = from; i < Math.min(count, from + BLOCK8); i++) {
            values[i] = in.get() * scale;
          }
        }
      }
      case INT4 -> {
        for (int from = 0; from < count; from += BLOCK4) {
          float scale = in.getFloat();
          int to = Math.min(count, from + BLOCK4);
          for (int i = from; i < to; i += 2) {
            int pair = in.get();
            values[i] = (pair << 28 >> 28) * scale;
            if (i + 1 < to) {
              values[i + 1] = (pair >> 4) * scale;
            }
          }
        }
      }
    }
    return values;
  }
}
