// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.data;

import java.time.Duration;

/**
 * How a part becomes a window [signals x steps]: from the part's begin, one value per step; the
 * newest sample before the END of a step counts (sample and hold).
 *
 * @param steps number of steps, at least 1
 * @param step length of a step in source time
 * @param settle how long after a part's end a missing signal is waited for, in source time
 */
public record WindowSpec(int steps, Duration step, Duration settle) {
  /** What stands where no window is asked for. */
  public static final WindowSpec ONE_STEP =
      new WindowSpec(1, Duration.ofSeconds(1), Duration.ofSeconds(5));

  public WindowSpec {
    if (steps < 1 || step.isNegative() || step.isZero()) {
      throw new IllegalArgumentException("a window has at least one step of positive length");
    }
  }
}
