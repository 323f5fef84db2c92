// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal.round;

/**
 * The engine's whole state.
 *
 * @param round what the journal keeps
 * @param live what it does not
 */
public record State(RoundState round, Liveness live) {}
