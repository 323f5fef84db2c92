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
 */
public record PartData(Part part, Map<String, Series> series, boolean interrupted) {
  public PartData {
    series = Map.copyOf(series);
  }
}
