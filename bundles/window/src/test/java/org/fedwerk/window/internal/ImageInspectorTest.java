// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.window.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import org.fedwerk.api.data.EncodedImage;
import org.junit.jupiter.api.Test;

class ImageInspectorTest {
  private static final int BYTES = 100_000;
  private static final int PIXELS = 1000;

  private final ImageInspector inspector = new ImageInspector();

  private static byte[] chunk(String type, byte[] body) {
    ByteBuffer chunk = ByteBuffer.allocate(12 + body.length);
    byte[] name = type.getBytes(StandardCharsets.US_ASCII);
    CRC32 crc = new CRC32();
    crc.update(name);
    crc.update(body);
    return chunk.putInt(body.length).put(name).put(body).putInt((int) crc.getValue()).array();
  }

  private static byte[] zeros(int count) {
    Deflater deflater = new Deflater(9);
    deflater.setInput(new byte[count]);
    deflater.finish();
    byte[] packed = new byte[count / 500 + 1000];
    int length = deflater.deflate(packed);
    deflater.end();
    return Arrays.copyOf(packed, length);
  }

  /** A grey PNG of any size that it says, with chunks of any content behind the header. */
  private static EncodedImage png(int width, int height, byte[]... chunks) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'});
    byte[] header =
        ByteBuffer.allocate(13)
            .putInt(width)
            .putInt(height)
            .put(new byte[] {8, 0, 0, 0, 0})
            .array();
    out.writeBytes(chunk("IHDR", header));
    for (byte[] each : chunks) {
      out.writeBytes(each);
    }
    out.writeBytes(chunk("IEND", new byte[0]));
    return new EncodedImage(out.toByteArray());
  }

  @Test
  void aSoundImageHasNoProblem() {
    byte[] pixels = chunk("IDAT", zeros(20 * 31));
    assertEquals(Optional.empty(), inspector.problem(png(30, 20, pixels), BYTES, PIXELS));
  }

  @Test
  void whatIsNoImageIsRefused() {
    assertProblem("is empty", new EncodedImage(new byte[0]));
    assertProblem(
        "is no PNG and no JPEG", new EncodedImage("GIF89a...".getBytes(StandardCharsets.US_ASCII)));
    assertProblem("cannot be decoded", png(10, 10));
    assertProblem(
        "cannot be decoded",
        new EncodedImage(new byte[] {(byte) 0xFF, (byte) 0xD8, (byte) 0xFF, 1, 2, 3}));
  }

  @Test
  void sizeIsAskedBeforeAnythingIsDecoded() {
    assertProblem("allowed are at most 100000", new EncodedImage(new byte[BYTES + 1]));
    // 40000 x 40000 pixels, which would take 1.6 GB: this JVM has not that much.
    EncodedImage bomb = png(40_000, 40_000, chunk("IDAT", zeros(1_000_000)));
    assertProblem("has 40000 x 40000 pixels, allowed are at most 1000", bomb);
    assertTrue(
        inspector.problem(bomb, Integer.MAX_VALUE, Integer.MAX_VALUE).isPresent(),
        "no source can allow more than there is a bound for");
  }

  @Test
  void textsAndProfilesAreNotUnpacked() {
    byte[] text = zeros(30_000_000);
    ByteBuffer body = ByteBuffer.allocate(4 + text.length);
    body.put(new byte[] {'a', 0, 0}).put(text);
    EncodedImage image = png(30, 20, chunk("zTXt", body.array()), chunk("IDAT", zeros(20 * 31)));
    assertEquals(Optional.empty(), inspector.problem(image, BYTES, PIXELS));
  }

  private void assertProblem(String part, EncodedImage image) {
    String problem = inspector.problem(image, BYTES, PIXELS).orElseThrow();
    assertTrue(problem.contains(part), problem);
  }
}
