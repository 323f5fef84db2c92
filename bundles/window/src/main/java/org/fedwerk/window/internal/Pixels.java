// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.window.internal;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import org.jspecify.annotations.Nullable;

/**
 * The samples of a decoded image as they stand in the file, without conversion of colours: that of
 * the runtime takes grey for linear light. Transparency is left out.
 */
final class Pixels {
  private final Raster raster;
  private final @Nullable IndexColorModel palette;
  private final int[] buffer;

  Pixels(BufferedImage image) throws UnsoundImage {
    raster = image.getRaster();
    palette = image.getColorModel() instanceof IndexColorModel index ? index : null;
    buffer = new int[image.getWidth()];
    if (palette == null && raster.getNumBands() > 4) {
      throw new UnsoundImage("has " + raster.getNumBands() + " channels, known are 1 to 4");
    }
  }

  int width() {
    return raster.getWidth();
  }

  int height() {
    return raster.getHeight();
  }

  /** Greatest value of a sample. */
  int most() {
    return palette == null ? (1 << raster.getSampleModel().getSampleSize(0)) - 1 : 255;
  }

  /** True if it has one channel, or a palette of greys. */
  boolean isGrey() {
    IndexColorModel colours = palette;
    if (colours == null) {
      return raster.getNumBands() < 3;
    }
    for (int i = 0; i < colours.getMapSize(); i++) {
      if (colours.getRed(i) != colours.getGreen(i) || colours.getRed(i) != colours.getBlue(i)) {
        return false;
      }
    }
    return true;
  }

  /**
   * One row of one channel.
   *
   * @param channel 0 red, 1 green, 2 blue; of a grey image they are the same
   */
  void row(int y, int channel, int[] into) {
    IndexColorModel colours = palette;
    if (colours == null) {
      raster.getSamples(0, y, width(), 1, raster.getNumBands() < 3 ? 0 : channel, into);
      return;
    }
    raster.getSamples(0, y, width(), 1, 0, buffer);
    for (int x = 0; x < buffer.length; x++) {
      into[x] =
          switch (channel) {
            case 0 -> colours.getRed(buffer[x]);
            case 1 -> colours.getGreen(buffer[x]);
            default -> colours.getBlue(buffer[x]);
          };
    }
  }
}
