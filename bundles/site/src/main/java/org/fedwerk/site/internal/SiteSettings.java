// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.util.Set;

/**
 * What a site's owner configures.
 *
 * @param approveOwners owners whose tasks are approved without asking
 * @param egressMaxBytes largest message that may leave, in bytes
 * @param egressKept passages kept on disk at least
 */
public record SiteSettings(Set<String> approveOwners, long egressMaxBytes, long egressKept) {
  public SiteSettings {
    approveOwners = Set.copyOf(approveOwners);
  }

  /** The defaults of the configuration, with owners whose tasks need no approval. */
  public static SiteSettings approving(Set<String> owners) {
    return new SiteSettings(owners, 131_072, 100_000);
  }
}
