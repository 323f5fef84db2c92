// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.window.internal;

import java.util.Arrays;
import org.fedwerk.api.data.ImageSpec;
import org.fedwerk.api.data.Tensor;

/**
 * Pixels to numbers from 0 to 1. Resizing averages over areas: an output pixel is the mean of what
 * it covers of the image, a pixel that is covered in part counting by that part. All sums are of
 * whole numbers, so that the one division at the end gives the same bits everywhere.
 */
final class ImageTensor {
  /** Luma of ITU-R BT.601 in thousandths. */
  private static final int[] LUMA = {299, 587, 114};

  private static final int[][] GREY = {LUMA};
  private static final int[][] ALREADY_GREY = {{1000, 0, 0}};
  private static final int[][] RGB = {{1000, 0, 0}, {0, 1000, 0}, {0, 0, 1000}};

  private final ImageSpec spec;
  private final Pixels pixels;
  private final int[][] weights;
  private final int[] row;
  private final long[] mixed;

  /** Sums over rows of the image that an output row covers. */
  private final long[] narrowed;

  private ImageTensor(ImageSpec spec, Pixels pixels) {
    this.spec = spec;
    this.pixels = pixels;
    int[][] one = pixels.isGrey() ? ALREADY_GREY : GREY;
    this.weights = spec.channels() == ImageSpec.GREY ? one : RGB;
    this.row = new int[pixels.width()];
    this.mixed = new long[pixels.width()];
    this.narrowed = new long[spec.width()];
  }

  /** The tensor [channels x height x width]. */
  static Tensor of(ImageSpec spec, Pixels pixels) throws UnsoundImage {
    requireFit(spec, pixels);
    return new ImageTensor(spec, pixels).tensor();
  }

  private static void requireFit(ImageSpec spec, Pixels pixels) throws UnsoundImage {
    boolean sameSize = pixels.width() == spec.width() && pixels.height() == spec.height();
    if (!sameSize && !spec.resizes()) {
      throw new UnsoundImage(
          "has "
              + pixels.width()
              + " x "
              + pixels.height()
              + " pixels, the schema "
              + spec.width()
              + " x "
              + spec.height()
              + " and no resize");
    }
    if (spec.channels() == ImageSpec.GREY && !pixels.isGrey() && !spec.greys()) {
      throw new UnsoundImage("is coloured, the schema wants grey and has no grey in derive");
    }
    if (spec.channels() == ImageSpec.RGB && pixels.isGrey()) {
      throw new UnsoundImage("is grey, the schema wants rgb");
    }
  }

  private Tensor tensor() {
    int plane = spec.width() * spec.height();
    float[] values = new float[spec.channels() * plane];
    long[] sums = new long[plane];
    double whole = 1000.0 * pixels.most() * pixels.width() * pixels.height();
    for (int channel = 0; channel < spec.channels(); channel++) {
      Arrays.fill(sums, 0);
      average(weights[channel], sums);
      for (int i = 0; i < plane; i++) {
        values[channel * plane + i] = (float) (sums[i] / whole);
      }
    }
    return new Tensor(spec.shape(), values);
  }

  /** Adds each row of the image to the output rows that cover it, by the part that they cover. */
  private void average(int[] mix, long[] sums) {
    int rows = pixels.height();
    int height = spec.height();
    for (int y = 0; y < rows; y++) {
      narrow(y, mix);
      int first = (int) ((long) y * height / rows);
      for (int out = first; out < height && (long) out * rows < (y + 1L) * height; out++) {
        long covered = overlap(y, height, out, rows);
        for (int x = 0; x < spec.width(); x++) {
          sums[out * spec.width() + x] += covered * narrowed[x];
        }
      }
    }
  }

  private void narrow(int y, int[] mix) {
    int columns = pixels.width();
    int width = spec.width();
    Arrays.fill(mixed, 0);
    for (int channel = 0; channel < mix.length; channel++) {
      if (mix[channel] != 0) {
        pixels.row(y, channel, row);
        for (int x = 0; x < columns; x++) {
          mixed[x] += (long) mix[channel] * row[x];
        }
      }
    }
    Arrays.fill(narrowed, 0);
    for (int x = 0; x < columns; x++) {
      int first = (int) ((long) x * width / columns);
      for (int out = first; out < width && (long) out * columns < (x + 1L) * width; out++) {
        narrowed[out] += overlap(x, width, out, columns) * mixed[x];
      }
    }
  }

  /** What [at size, (at + 1) size) and [other length, (other + 1) length) have in common. */
  private static long overlap(long at, long size, long other, long length) {
    return Math.min((at + 1) * size, (other + 1) * length) - Math.max(at * size, other * length);
  }
}
