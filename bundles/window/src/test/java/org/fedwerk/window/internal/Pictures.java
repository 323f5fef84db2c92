// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.window.internal;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.IntBinaryOperator;
import javax.imageio.ImageIO;
import org.fedwerk.api.data.EncodedImage;

/** Images drawn by code. */
final class Pictures {
  private Pictures() {}

  /** A coloured one; the function gives 0xRRGGBB. */
  static BufferedImage coloured(int width, int height, IntBinaryOperator pixel) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        image.setRGB(x, y, pixel.applyAsInt(x, y));
      }
    }
    return image;
  }

  /** A grey one; the function gives 0 to 255 as it stands in the file. */
  static BufferedImage grey(int width, int height, IntBinaryOperator pixel) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        image.getRaster().setSample(x, y, 0, pixel.applyAsInt(x, y));
      }
    }
    return image;
  }

  static EncodedImage file(BufferedImage image, String format) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      if (!ImageIO.write(image, format, out)) {
        throw new IllegalArgumentException("no encoder for " + format);
      }
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
    return new EncodedImage(out.toByteArray());
  }

  static EncodedImage png(BufferedImage image) {
    return file(image, "png");
  }
}
