// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.schedule;

/** What holds whatever happens. */
public enum Invariant {
  /** A model is the sum of its contributors' bytes, each once. */
  COUNTED_ONCE("every update counts at most once"),
  /** A committed round has one row in the run history. */
  ONE_RESULT("a round has one result"),
  /** Rounds and versions follow each other without a gap or a step back. */
  VERSIONS_GROW("versions only grow"),
  /** A place in the protocol, and a committed version, mean one model for ever. */
  ONE_MODEL("a place and a version mean one model"),
  /** Nothing is said that the journal does not hold. */
  JOURNAL_FIRST("the journal comes before the effect"),
  /** What a site told of its position is never taken back. */
  POSITIONS_GROW("positions only grow"),
  /** A reply that was sent once is sent again byte for byte. */
  SAME_BYTES("a reply is sent with the same bytes"),
  /** Once the faults end the task ends, and all sites run its model. */
  ENDS("the task ends");

  private final String words;

  Invariant(String words) {
    this.words = words;
  }

  /** In words. */
  public String words() {
    return words;
  }
}
