// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.store.internal;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;

/** Builds the body of a record: variable-length integers, big-endian floats, UTF-8 with length. */
final class RecordWriter {
  private byte[] bytes;
  private int size;

  RecordWriter(int expected) {
    bytes = new byte[Math.max(16, expected)];
  }

  RecordWriter u8(int value) {
    room(1);
    bytes[size++] = (byte) value;
    return this;
  }

  RecordWriter varint(long value) {
    room(10);
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      bytes[size++] = (byte) (rest & 0x7F | 0x80);
      rest >>>= 7;
    }
    bytes[size++] = (byte) rest;
    return this;
  }

  RecordWriter signed(long value) {
    return varint(value << 1 ^ value >> 63);
  }

  RecordWriter f64(double value) {
    room(8);
    long bits = Double.doubleToRawLongBits(value);
    for (int shift = 56; shift >= 0; shift -= 8) {
      bytes[size++] = (byte) (bits >>> shift);
    }
    return this;
  }

  RecordWriter f32(float value) {
    room(4);
    int bits = Float.floatToRawIntBits(value);
    for (int shift = 24; shift >= 0; shift -= 8) {
      bytes[size++] = (byte) (bits >>> shift);
    }
    return this;
  }

  RecordWriter raw(byte[] value) {
    room(value.length);
    System.arraycopy(value, 0, bytes, size, value.length);
    size += value.length;
    return this;
  }

  RecordWriter text(String value) {
    return bytes(value.getBytes(StandardCharsets.UTF_8));
  }

  /** Bytes with their number before them. */
  RecordWriter bytes(byte[] value) {
    return varint(value.length).raw(value);
  }

  RecordWriter time(Instant time) {
    return signed(time.getEpochSecond()).varint(time.getNano());
  }

  byte[] toBytes() {
    return Arrays.copyOf(bytes, size);
  }

  private void room(int more) {
    if (size + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
    }
  }
}
