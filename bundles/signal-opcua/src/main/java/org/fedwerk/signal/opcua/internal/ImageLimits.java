// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.signal.opcua.internal;

import java.util.Optional;
import org.fedwerk.api.data.EncodedImage;
import org.fedwerk.api.signal.ImageInspection;

/** What is wrong with an image, by the bounds of one source. */
record ImageLimits(ImageInspection inspection, int maxBytes, int maxPixels) {
  /** Why the image is not handed on, as the end of a sentence about it; empty if it is. */
  Optional<String> problem(EncodedImage image) {
    return inspection.problem(image, maxBytes, maxPixels);
  }
}
