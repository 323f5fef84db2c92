// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.fedwerk.api.Digest;

/** Reads a record of {@link StateWriter}. */
final class StateReader {
  private final ByteBuffer bytes;
  private final int type;

  /**
   * Begins to read.
   *
   * @throws IllegalStateException if the record was written by a newer program
   */
  StateReader(String journal, byte[] record) {
    bytes = ByteBuffer.wrap(record);
    byte version = bytes.get();
    if (version != StateWriter.VERSION) {
      throw new IllegalStateException(
          "journal "
              + journal
              + " holds records of version "
              + version
              + ", this program reads version "
              + StateWriter.VERSION
              + "; start the newer program again or restore a backup");
    }
    type = bytes.get();
  }

  int type() {
    return type;
  }

  /** True if the record has more than was read. */
  boolean hasMore() {
    return bytes.hasRemaining();
  }

  long number() {
    return bytes.getLong();
  }

  int integer() {
    return Math.toIntExact(number());
  }

  double real() {
    return bytes.getDouble();
  }

  String text() {
    return new String(raw(), StandardCharsets.UTF_8);
  }

  byte[] raw() {
    byte[] value = new byte[bytes.getInt()];
    bytes.get(value);
    return value;
  }

  Digest digest() {
    byte[] raw = new byte[32];
    bytes.get(raw);
    return Digest.ofRaw(raw);
  }

  <T> List<T> list(Function<StateReader, T> each) {
    int size = integer();
    List<T> items = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      items.add(each.apply(this));
    }
    return items;
  }
}
