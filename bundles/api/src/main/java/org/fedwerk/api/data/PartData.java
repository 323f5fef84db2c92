// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.data;

import java.util.Map;

/**
 * A part with its samples. The newest sample before the part's begin is included where there is
 * one, so that slow signals have a value at the first step.
 *
 * @param part the part
 * @param series by signal name
 * @param interrupted true if a source lost its connection in between
 * @param images by signal name the newest image between the part's begin and end
 */
public record PartData(
    Part part, Map<String, Series> series, boolean interrupted, Map<String, EncodedImage> images) {
  public PartData {
    series = Map.copyOf(series);
    images = Map.copyOf(images);
  }

  /** A part without images. */
  public PartData(Part part, Map<String, Series> series, boolean interrupted) {
    this(part, series, interrupted, Map.of());
  }
}
