// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.window.internal;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.zip.CRC32;

/**
 * A PNG file as chunks (ISO/IEC 15948, clause 5). The decoder of the runtime checks no checksum and
 * reads texts and profiles, which may unpack to any size; so chunks are checked here, and only
 * those that hold pixels and palette go on.
 */
final class PngFile {
  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
  private static final Set<String> OF_PIXELS = Set.of("IHDR", "PLTE", "IDAT", "IEND");

  /** Length, type and checksum of a chunk. */
  private static final int FRAME = 12;

  private PngFile() {}

  static boolean isOne(byte[] bytes) {
    return bytes.length >= SIGNATURE.length
        && Arrays.equals(SIGNATURE, Arrays.copyOf(bytes, SIGNATURE.length));
  }

  /** The file without what is no pixel. */
  static byte[] pixels(byte[] bytes) throws UnsoundImage {
    ByteArrayOutputStream kept = new ByteArrayOutputStream(bytes.length);
    kept.write(bytes, 0, SIGNATURE.length);
    int at = SIGNATURE.length;
    while (true) {
      if (bytes.length - at < FRAME) {
        throw new UnsoundImage("is cut off after " + bytes.length + " bytes");
      }
      int length = ByteBuffer.wrap(bytes).getInt(at);
      if (length < 0 || length > bytes.length - at - FRAME) {
        throw new UnsoundImage("is cut off after " + bytes.length + " bytes");
      }
      check(bytes, at, length);
      String type = new String(bytes, at + 4, 4, StandardCharsets.US_ASCII);
      if (OF_PIXELS.contains(type)) {
        kept.write(bytes, at, FRAME + length);
      }
      at += FRAME + length;
      if (type.equals("IEND")) {
        return kept.toByteArray();
      }
    }
  }

  private static void check(byte[] bytes, int at, int length) throws UnsoundImage {
    CRC32 crc = new CRC32();
    crc.update(bytes, at + 4, 4 + length);
    if ((int) crc.getValue() != ByteBuffer.wrap(bytes).getInt(at + 8 + length)) {
      throw new UnsoundImage("is damaged: the checksum at byte " + at + " does not hold");
    }
  }
}
