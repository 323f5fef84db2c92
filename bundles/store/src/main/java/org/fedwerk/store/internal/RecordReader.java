// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.store.internal;

import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** Reads what {@link RecordWriter} wrote. */
final class RecordReader {
  private final byte[] bytes;
  private int at;

  RecordReader(byte[] bytes) {
    this.bytes = bytes;
  }

  boolean more() {
    return at < bytes.length;
  }

  int u8() {
    return bytes[at++] & 0xFF;
  }

  long varint() {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte next = bytes[at++];
      value |= (long) (next & 0x7F) << shift;
      if (next >= 0) {
        return value;
      }
    }
  }

  int size() {
    return Math.toIntExact(varint());
  }

  long signed() {
    long value = varint();
    return value >>> 1 ^ -(value & 1);
  }

  double f64() {
    long bits = 0;
    for (int i = 0; i < 8; i++) {
      bits = bits << 8 | u8();
    }
    return Double.longBitsToDouble(bits);
  }

  float f32() {
    int bits = 0;
    for (int i = 0; i < 4; i++) {
      bits = bits << 8 | u8();
    }
    return Float.intBitsToFloat(bits);
  }

  byte[] raw(int size) {
    byte[] value = new byte[size];
    System.arraycopy(bytes, at, value, 0, size);
    at += size;
    return value;
  }

  String text() {
    return new String(bytes(), StandardCharsets.UTF_8);
  }

  byte[] bytes() {
    return raw(size());
  }

  Instant time() {
    long seconds = signed();
    return Instant.ofEpochSecond(seconds, varint());
  }
}
