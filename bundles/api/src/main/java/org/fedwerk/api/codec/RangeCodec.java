// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.codec;

/**
 * The values of a range of an update, or of a model's change, as bytes and back (docs/wire.md). A
 * range is coded on its own, and the same values and seeds give the same bytes. Pure; any thread
 * may call.
 */
public interface RangeCodec {
  /**
   * Codes a range.
   *
   * @param values finite float32
   * @param roundingSeed of rounding by chance
   * @param maskSeed of what is drawn at all sites alike
   */
  byte[] encode(float[] values, long roundingSeed, long maskSeed);

  /**
   * Decodes a range. However few the bytes are, no more memory is taken than a range of that length
   * can need.
   *
   * @param into takes the values; its length is that of the range
   * @throws IllegalArgumentException if the bytes are not such a range
   */
  void decode(byte[] bytes, float[] into);

  /**
   * Decodes a part of a range, to the values that the whole has there.
   *
   * @param count elements of the range
   * @param from first element of the part, counted within the range
   * @param into takes the values; its length is that of the part
   * @throws IllegalArgumentException if the bytes are not such a range
   */
  default void decode(byte[] bytes, int count, int from, float[] into) {
    if (from == 0 && into.length == count) {
      decode(bytes, into);
      return;
    }
    float[] whole = new float[count];
    decode(bytes, whole);
    System.arraycopy(whole, from, into, 0, into.length);
  }
}
