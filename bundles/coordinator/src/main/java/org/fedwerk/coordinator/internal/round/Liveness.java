// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal.round;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;

/**
 * When something was last heard, in monotonic nanoseconds of this process; forgotten on a restart.
 *
 * @param since when the current phase was opened, or waiting began
 * @param seen per site when it last gave a sign of work, not before the phase was opened
 */
public record Liveness(long since, Map<String, Long> seen) {
  public Liveness {
    seen = Collections.unmodifiableMap(new HashMap<>(seen));
  }

  /** When a site last gave a sign of work. */
  public long seen(String site) {
    return seen.getOrDefault(site, since);
  }
}
