// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.signal;

import java.util.Optional;
import org.fedwerk.api.data.EncodedImage;

/**
 * Tells whether an image can be learned from, before a source hands it on. Implemented by the
 * window room, a pure function; any thread may call.
 */
public interface ImageInspection {
  /** Bytes beyond which no image is taken, whatever a source allows: 32 MiB. */
  int MOST_BYTES = 32 << 20;

  /** Pixels beyond which no image is taken, whatever a source allows. */
  int MOST_PIXELS = 32 << 20;

  /**
   * What is wrong with an image: it is no PNG and no JPEG, larger than allowed, or not whole. Bytes
   * and pixels are looked at before anything is decoded.
   *
   * @param mostBytes most bytes of the file
   * @param mostPixels most pixels, width times height
   * @return what is wrong, as the end of a sentence about the image; empty if it is sound
   */
  Optional<String> problem(EncodedImage image, int mostBytes, int mostPixels);
}
