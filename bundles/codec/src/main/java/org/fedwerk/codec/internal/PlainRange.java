// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.codec.internal;

import org.fedwerk.api.codec.RangeCodec;
import org.fedwerk.api.message.Float32;

/** Every value as float32, and nothing else. */
final class PlainRange implements RangeCodec {
  @Override
  public byte[] encode(float[] values, long roundingSeed, long maskSeed) {
    return Float32.encode(values, 0, values.length);
  }

  @Override
  public void decode(byte[] bytes, float[] into) {
    if (bytes.length != Float.BYTES * into.length) {
      throw CodedRange.malformed("it has " + bytes.length + " bytes");
    }
    Float32.decode(bytes, into, 0, into.length);
  }
}
