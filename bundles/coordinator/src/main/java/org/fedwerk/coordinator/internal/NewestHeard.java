// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal;

import java.util.HashMap;
import java.util.Map;

/**
 * The newest message of each site that was opened. A fetch names it, so that the site knows what
 * had come when it was asked. Forgotten on a restart. Runner thread only.
 */
final class NewestHeard {
  private final Map<String, Long> sequences = new HashMap<>();

  /** A site's message was opened. */
  void heard(String site, long sequence) {
    sequences.merge(site, sequence, Math::max);
  }

  /** Sequence of a site's newest message; 0 if none came since start. */
  long of(String site) {
    return sequences.getOrDefault(site, 0L);
  }
}
