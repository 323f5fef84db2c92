// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.metric;

import java.time.Duration;
import java.util.Map;

/** Hears how long things took, to make a distribution of it. */
@FunctionalInterface
public interface DurationListener {
  /**
   * One thing is done. Called on the thread that did it; returns at once and never throws.
   *
   * @param name as of a {@link Measurement}
   * @param description one sentence for people
   * @param tags as of a {@link Measurement}
   * @param duration how long it took, by the monotonic clock
   */
  void took(String name, String description, Map<String, String> tags, Duration duration);
}
