// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal.round;

import java.util.Map;

/**
 * What holds for a whole task.
 *
 * @param cohortLeast sites that must be ready before a round starts
 * @param examplesLeast training examples that a site must have to be ready
 * @param protocols by name
 * @param first name of the first round's protocol
 * @param failedFoldsMost a task fails when that many folds in a row came to nothing
 */
public record Rules(
    int cohortLeast,
    int examplesLeast,
    Map<String, Protocol> protocols,
    String first,
    int failedFoldsMost) {
  public Rules {
    protocols = Map.copyOf(protocols);
    if (!protocols.containsKey(first)) {
      throw new IllegalArgumentException("no protocol named " + first);
    }
  }

  /** A protocol by name. */
  public Protocol protocol(String name) {
    Protocol protocol = protocols.get(name);
    if (protocol == null) {
      throw new IllegalArgumentException("no protocol named " + name);
    }
    return protocol;
  }
}
