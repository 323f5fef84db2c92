// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.codec.internal;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** One zlib stream (RFC 1950). */
final class Deflated implements Packer {
  @Override
  public byte[] pack(byte[] bytes) {
    Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION);
    try {
      deflater.setInput(bytes);
      deflater.finish();
      ByteArrayOutputStream packed = new ByteArrayOutputStream();
      byte[] some = new byte[8192];
      while (!deflater.finished()) {
        packed.write(some, 0, deflater.deflate(some));
      }
      return packed.toByteArray();
    } finally {
      deflater.end();
    }
  }

  @Override
  public byte[] unpack(byte[] packed, int most) {
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(packed);
      byte[] bytes = new byte[most];
      int count = 0;
      while (!inflater.finished()) {
        int more = inflater.inflate(bytes, count, most - count);
        count += more;
        if (more == 0 && !inflater.finished()) {
          throw count == most && !inflater.needsInput()
              ? Packer.tooMany()
              : CodedRange.malformed("it is cut");
        }
      }
      return Arrays.copyOf(bytes, count);
    } catch (DataFormatException malformed) {
      throw CodedRange.malformed("it cannot be unpacked");
    } finally {
      inflater.end();
    }
  }
}
