// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.BiConsumer;
import org.fedwerk.api.Digest;

/**
 * Writes one journal record: a version byte, a type byte, then fields. {@link StateReader} reads it
 * back.
 */
final class StateWriter {
  /** Version of every record of this room. */
  static final byte VERSION = 1;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final DataOutputStream out = new DataOutputStream(bytes);

  StateWriter(int type) {
    write(
        () -> {
          out.writeByte(VERSION);
          out.writeByte(type);
        });
  }

  StateWriter number(long value) {
    write(() -> out.writeLong(value));
    return this;
  }

  StateWriter real(double value) {
    write(() -> out.writeDouble(value));
    return this;
  }

  StateWriter text(String value) {
    return raw(value.getBytes(StandardCharsets.UTF_8));
  }

  StateWriter raw(byte[] value) {
    write(
        () -> {
          out.writeInt(value.length);
          out.write(value);
        });
    return this;
  }

  StateWriter digest(Digest digest) {
    write(() -> out.write(digest.raw()));
    return this;
  }

  <T> StateWriter list(List<T> items, BiConsumer<StateWriter, T> each) {
    number(items.size());
    items.forEach(item -> each.accept(this, item));
    return this;
  }

  byte[] record() {
    return bytes.toByteArray();
  }

  private static void write(Write write) {
    try {
      write.run();
    } catch (IOException impossible) {
      throw new UncheckedIOException("a byte array refused to grow", impossible);
    }
  }

  private interface Write {
    void run() throws IOException;
  }
}
