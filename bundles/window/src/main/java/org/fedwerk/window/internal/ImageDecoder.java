// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.window.internal;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * PNG and JPEG by the decoders of the Java runtime, nothing else. Size is asked of the header
 * before any pixel is decoded. What a decoder warns of is not whole and is refused.
 */
final class ImageDecoder {
  private static final int JPEG_BEGIN = 0xFFD8FF;

  private ImageDecoder() {}

  /**
   * The pixels.
   *
   * @param mostBytes most bytes of the file
   * @param mostPixels most pixels, asked before decoding
   */
  static Pixels decode(byte[] bytes, int mostBytes, int mostPixels) throws UnsoundImage {
    if (bytes.length > mostBytes) {
      throw new UnsoundImage("has " + bytes.length + " bytes, allowed are at most " + mostBytes);
    }
    if (PngFile.isOne(bytes)) {
      return decode("png", PngFile.pixels(bytes), mostPixels);
    }
    if (isJpeg(bytes)) {
      return decode("jpeg", bytes, mostPixels);
    }
    throw new UnsoundImage(bytes.length == 0 ? "is empty" : "is no PNG and no JPEG image");
  }

  private static boolean isJpeg(byte[] bytes) {
    return bytes.length >= 3
        && ((bytes[0] & 0xFF) << 16 | (bytes[1] & 0xFF) << 8 | bytes[2] & 0xFF) == JPEG_BEGIN;
  }

  private static Pixels decode(String format, byte[] bytes, int mostPixels) throws UnsoundImage {
    Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(format);
    if (!readers.hasNext()) {
      throw new UnsoundImage("cannot be read: this Java runtime has no decoder for " + format);
    }
    ImageReader reader = readers.next();
    List<String> warnings = new ArrayList<>();
    try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
      reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
      reader.setInput(in, true, true);
      int width = reader.getWidth(0);
      int height = reader.getHeight(0);
      if ((long) width * height > mostPixels) {
        throw new UnsoundImage(
            "has " + width + " x " + height + " pixels, allowed are at most " + mostPixels);
      }
      BufferedImage image = reader.read(0);
      if (!warnings.isEmpty()) {
        throw new UnsoundImage("is damaged: " + warnings.get(0));
      }
      return new Pixels(image);
    } catch (IOException | RuntimeException broken) {
      // Decoders answer odd bytes with odd exceptions; each of them says the same.
      throw new UnsoundImage("cannot be decoded: " + broken.getMessage());
    } finally {
      reader.dispose();
    }
  }
}
