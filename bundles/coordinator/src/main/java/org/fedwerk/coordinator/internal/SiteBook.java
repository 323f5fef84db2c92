// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** When each site was last heard of, and as what. Forgotten on a restart. Runner thread only. */
final class SiteBook {
  private final Map<String, Heard> sites = new TreeMap<>();

  /**
   * A site.
   *
   * @param at monotonic nanoseconds of its last message
   * @param software its version; empty if not known
   */
  record Heard(long at, String software) {}

  void heard(String site, long at) {
    Heard before = sites.get(site);
    sites.put(site, new Heard(at, before == null ? "" : before.software()));
  }

  void software(String site, long at, String software) {
    sites.put(site, new Heard(at, software));
  }

  @Nullable Heard of(String site) {
    return sites.get(site);
  }

  Map<String, Heard> all() {
    return Map.copyOf(sites);
  }
}
