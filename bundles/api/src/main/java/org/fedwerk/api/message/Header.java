// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.message;

import org.fedwerk.api.Digest;
import org.jspecify.annotations.Nullable;

/**
 * The header of a sealed message; its exact bytes are signed.
 *
 * @param major protocol major; another one is refused
 * @param minor protocol minor; unknown fields of a higher one are ignored
 * @param federation the federation's name
 * @param sender who says it
 * @param recipient id of a site or coordinator, or {@code all}
 * @param kind what it is
 * @param task digest of the task; null if it is about none
 * @param round from 1; 0 if about none
 * @param attempt of the round, from 1; 0 if about none
 * @param phase index of the phase in the round's protocol, from 0; -1 if about none
 * @param sequence counts up per sender, on disk or seeded above all earlier ones
 * @param replyTo sequence of the message it answers; 0 if none
 * @param epoch the coordinator's epoch; a site repeats the newest it knows
 * @param encryption {@code none}
 */
public record Header(
    int major,
    int minor,
    String federation,
    Party sender,
    String recipient,
    Kind kind,
    @Nullable Digest task,
    int round,
    int attempt,
    int phase,
    long sequence,
    long replyTo,
    long epoch,
    String encryption) {
  /** Protocol version written by this program. */
  public static final int MAJOR = 1;

  /** Minor of {@link #MAJOR}. */
  public static final int MINOR = 2;

  /** Recipient of broadcasts. */
  public static final String ALL = "all";

  /** No encryption beyond TLS. */
  public static final String NO_ENCRYPTION = "none";

  /** The place in the protocol that orders plans. */
  public Position position() {
    return new Position(epoch, round, attempt, phase);
  }
}
