// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.message;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** float32 values as little-endian bytes, the encoding {@code f32le} of chunks. */
public final class Float32 {
  private Float32() {}

  /** Encodes a slice of a vector: 4 bytes per value. */
  public static byte[] encode(float[] vector, int from, int count) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * count).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(vector, from, count);
    return bytes.array();
  }

  /**
   * Decodes into a vector.
   *
   * @throws IllegalArgumentException if the bytes do not hold exactly count values
   */
  public static void decode(byte[] bytes, float[] vector, int from, int count) {
    if (bytes.length != 4 * count) {
      throw new IllegalArgumentException("expected " + 4 * count + " bytes, got " + bytes.length);
    }
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(vector, from, count);
  }
}
