// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.schedule;

/**
 * Something that must never be.
 *
 * @param invariant which one is broken
 * @param detail how
 */
public record Violation(Invariant invariant, String detail) {
  @Override
  public String toString() {
    return invariant.words() + ": " + detail;
  }
}
