// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal;

/**
 * What a person orders of a task's models.
 *
 * @param kind what
 * @param version the version meant; 0 for what is about a rollout as a whole
 * @param by who
 * @param reason why; may be empty
 */
public record ModelOrder(Kind kind, int version, String by, String reason) {
  /** An order by name. */
  public enum Kind {
    APPROVE,
    PROMOTE,
    RETIRE,
    PASS,
    BACK
  }
}
