// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.data;

import java.time.Duration;

/**
 * A signal as the schema demands it.
 *
 * @param name the name all sites use
 * @param unit unit, compared as text
 * @param min least plausible value, in the unit; values below count as missing
 * @param max greatest plausible value, in the unit; values above count as missing
 * @param maxGap a value older than this at a step counts as missing
 */
public record SignalSpec(String name, String unit, double min, double max, Duration maxGap) {
  public SignalSpec {
    if (!(min < max)) {
      throw new IllegalArgumentException("signal " + name + ": min must be below max");
    }
  }
}
