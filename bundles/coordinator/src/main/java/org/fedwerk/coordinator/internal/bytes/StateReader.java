// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal.bytes;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.fedwerk.api.Digest;

/** Reads a record of {@link StateWriter}. */
public final class StateReader {
  private final ByteBuffer bytes;
  private final int type;

  /**
   * Begins to read.
   *
   * @param where journal or blob, for messages
   * @throws IllegalStateException if the record was written by a newer program
   */
  public StateReader(String where, byte[] record) {
    bytes = ByteBuffer.wrap(record);
    byte version = bytes.get();
    if (version != StateWriter.VERSION) {
      throw new IllegalStateException(
          where
              + " holds a record of version "
              + version
              + ", this program reads version "
              + StateWriter.VERSION
              + "; start the newer program again or restore a backup");
    }
    type = bytes.get();
  }

  /** What kind of record it is. */
  public int type() {
    return type;
  }

  /** True if there is nothing more: what newer programs add stands at the end. */
  public boolean isAtEnd() {
    return !bytes.hasRemaining();
  }

  /** A whole number. */
  public long number() {
    long folded = 0;
    for (int shift = 0; ; shift += 7) {
      byte next = bytes.get();
      folded |= (next & 0x7fL) << shift;
      if (next >= 0) {
        return (folded >>> 1) ^ -(folded & 1);
      }
    }
  }

  /** A whole number that fits an int. */
  public int integer() {
    return Math.toIntExact(number());
  }

  /** A float64. */
  public double real() {
    return bytes.getDouble();
  }

  /** Yes or no. */
  public boolean flag() {
    return bytes.get() != 0;
  }

  /** Text. */
  public String text() {
    byte[] utf8 = new byte[integer()];
    bytes.get(utf8);
    return new String(utf8, StandardCharsets.UTF_8);
  }

  /** A digest. */
  public Digest digest() {
    byte[] raw = new byte[32];
    bytes.get(raw);
    return Digest.ofRaw(raw);
  }

  /** Many of a kind. */
  public <T> List<T> list(Function<StateReader, T> each) {
    int size = integer();
    List<T> items = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      items.add(each.apply(this));
    }
    return items;
  }

  /** Values by name, in the order written. */
  public <T> Map<String, T> map(Function<StateReader, T> each) {
    int size = integer();
    Map<String, T> values = new LinkedHashMap<>();
    for (int i = 0; i < size; i++) {
      String name = text();
      values.put(name, each.apply(this));
    }
    return values;
  }

  /** One or none. */
  public <T> Optional<T> maybe(Function<StateReader, T> each) {
    return flag() ? Optional.of(each.apply(this)) : Optional.empty();
  }
}
