// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.codec.internal;

import io.airlift.compress.MalformedInputException;
import io.airlift.compress.zstd.ZstdCompressor;
import io.airlift.compress.zstd.ZstdDecompressor;
import java.util.Arrays;

/** One Zstandard frame that names the size of its content (RFC 8878). */
final class Zstandard implements Packer {
  @Override
  public byte[] pack(byte[] bytes) {
    ZstdCompressor compressor = new ZstdCompressor();
    byte[] packed = new byte[compressor.maxCompressedLength(bytes.length)];
    int count = compressor.compress(bytes, 0, bytes.length, packed, 0, packed.length);
    return Arrays.copyOf(packed, count);
  }

  @Override
  public byte[] unpack(byte[] packed, int most) {
    try {
      long said = ZstdDecompressor.getDecompressedSize(packed, 0, packed.length);
      if (said > most) {
        throw Packer.tooMany();
      }
      if (said < 0) {
        throw CodedRange.malformed("it does not say what it unpacks to");
      }
      byte[] bytes = new byte[(int) said];
      int count =
          new ZstdDecompressor().decompress(packed, 0, packed.length, bytes, 0, bytes.length);
      return Arrays.copyOf(bytes, count);
    } catch (MalformedInputException
        | IndexOutOfBoundsException
        | IllegalStateException malformed) {
      throw CodedRange.malformed("it cannot be unpacked");
    }
  }
}
