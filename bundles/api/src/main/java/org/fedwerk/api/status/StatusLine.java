// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.status;

/**
 * How one thing is.
 *
 * @param subject what it is about, for example {@code signal-opcua press1}
 * @param state how it is
 * @param detail one sentence: since when, why, what to do; never a secret
 */
public record StatusLine(String subject, State state, String detail) {
  /** {@link Health} says what they come to; WAITING means that somebody else has to act. */
  public enum State {
    READY,
    STARTING,
    WAITING,
    DEGRADED,
    DOWN,
    RESTART_NEEDED
  }
}
