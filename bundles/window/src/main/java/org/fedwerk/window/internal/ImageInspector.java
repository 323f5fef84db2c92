// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.window.internal;

import java.util.Optional;
import org.fedwerk.api.data.EncodedImage;
import org.fedwerk.api.signal.ImageInspection;
import org.osgi.service.component.annotations.Component;

/** Decodes an image to see whether it can be. No state. */
@Component
public final class ImageInspector implements ImageInspection {

  @Override
  public Optional<String> problem(EncodedImage image, int mostBytes, int mostPixels) {
    try {
      ImageDecoder.decode(
          image.bytes(), Math.min(mostBytes, MOST_BYTES), Math.min(mostPixels, MOST_PIXELS));
      return Optional.empty();
    } catch (UnsoundImage unsound) {
      return Optional.of(String.valueOf(unsound.getMessage()));
    }
  }
}
