// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal.bytes;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.fedwerk.api.Digest;

/**
 * Writes one record: a version byte, a type byte, then fields without names. {@link StateReader}
 * reads it back in the same order.
 */
public final class StateWriter {
  /** Version of every record of this room. */
  public static final byte VERSION = 1;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  /** Begins a record. */
  public StateWriter(int type) {
    bytes.write(VERSION);
    bytes.write(type);
  }

  /** A whole number: seven bits per byte, sign folded into the lowest bit. */
  public StateWriter number(long value) {
    long rest = (value << 1) ^ (value >> 63);
    while ((rest & ~0x7fL) != 0) {
      bytes.write((int) (rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    bytes.write((int) rest);
    return this;
  }

  /** A float64, bit by bit. */
  public StateWriter real(double value) {
    bytes.writeBytes(ByteBuffer.allocate(Double.BYTES).putDouble(value).array());
    return this;
  }

  /** Yes or no. */
  public StateWriter flag(boolean value) {
    bytes.write(value ? 1 : 0);
    return this;
  }

  /** Text in UTF-8. */
  public StateWriter text(String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    number(utf8.length);
    bytes.writeBytes(utf8);
    return this;
  }

  /** 32 raw bytes. */
  public StateWriter digest(Digest digest) {
    bytes.writeBytes(digest.raw());
    return this;
  }

  /** Many of a kind. */
  public <T> StateWriter list(Collection<T> items, BiConsumer<StateWriter, T> each) {
    number(items.size());
    items.forEach(item -> each.accept(this, item));
    return this;
  }

  /** Values by name. */
  public <T> StateWriter map(Map<String, T> values, BiConsumer<StateWriter, T> each) {
    number(values.size());
    values.forEach(
        (name, value) -> {
          text(name);
          each.accept(this, value);
        });
    return this;
  }

  /** One or none. */
  public <T> StateWriter maybe(Optional<T> item, BiConsumer<StateWriter, T> each) {
    flag(item.isPresent());
    item.ifPresent(value -> each.accept(this, value));
    return this;
  }

  /** The record. */
  public byte[] record() {
    return bytes.toByteArray();
  }
}
