// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal.round;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.fedwerk.api.Digest;

/**
 * A phase that is over.
 *
 * @param replies those that counted, in ascending order of sites
 * @param product digest of the blob that holds what the fold made
 * @param missing sites of the cohort without a reply, each with the reason
 */
public record Closed(List<Reply> replies, Digest product, SortedMap<String, String> missing) {
  public Closed {
    replies = List.copyOf(replies);
    missing = Collections.unmodifiableSortedMap(new TreeMap<>(missing));
  }
}
