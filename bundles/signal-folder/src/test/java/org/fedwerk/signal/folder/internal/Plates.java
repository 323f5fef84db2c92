// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.signal.folder.internal;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import javax.imageio.ImageIO;

/** Files that the tests put into a folder. */
final class Plates {
  private Plates() {}

  /** A small PNG whose pixels follow from a number. */
  static byte[] png(int number) {
    BufferedImage image = new BufferedImage(24, 16, BufferedImage.TYPE_BYTE_GRAY);
    for (int y = 0; y < 16; y++) {
      for (int x = 0; x < 24; x++) {
        image.getRaster().setSample(x, y, 0, (number * 31 + x * 7 + y * 13) % 256);
      }
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", out);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
    return out.toByteArray();
  }

  /** Files that a look takes. */
  static final int MOST_FILES = 100;

  static FolderSettings settings(Path folder, boolean moves) {
    return new FolderSettings(
        "press",
        folder,
        "camera",
        "serial",
        Duration.ofMillis(100),
        Duration.ofSeconds(10),
        10_000,
        1000,
        MOST_FILES,
        moves);
  }
}
