// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal.round;

import java.util.List;

/**
 * What an event leads to.
 *
 * @param state the state after it
 * @param effects to be run in order, after a durable event was forced to the journal
 */
public record Step(State state, List<Effect> effects) {
  public Step {
    effects = List.copyOf(effects);
  }
}
