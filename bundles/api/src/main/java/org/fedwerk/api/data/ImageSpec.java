// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.data;

/**
 * What a part's image becomes: a tensor [channels x height x width] of values from 0 to 1, row by
 * row from the top left.
 *
 * @param signal name of the signal that delivers images
 * @param width columns
 * @param height rows
 * @param channels {@link #GREY} or {@link #RGB}
 * @param resizes true if an image of another size is brought to this one by area averaging; false
 *     if such an image is no example
 * @param greys true if a coloured image becomes its luma (ITU-R BT.601); false if it is no example
 *     where grey is wanted. Only with {@link #GREY}
 */
public record ImageSpec(
    String signal, int width, int height, int channels, boolean resizes, boolean greys) {
  /** One channel, brightness. */
  public static final int GREY = 1;

  /** Three channels: red, green, blue. */
  public static final int RGB = 3;

  public ImageSpec {
    if (width < 1 || height < 1 || channels != GREY && channels != RGB) {
      throw new IllegalArgumentException("an image has pixels, and one channel or three");
    }
    if (greys && channels != GREY) {
      throw new IllegalArgumentException("grey goes with one channel");
    }
  }

  /** The tensor's shape: [channels x height x width]. */
  public int[] shape() {
    return new int[] {channels, height, width};
  }
}
