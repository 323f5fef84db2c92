// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.kill;

/** Where in the writing of a record the kill comes. */
public enum Moment {
  /** The record is made and not written. */
  BEFORE_APPEND,
  /** The record is in the journal; nothing that follows from it has run. */
  AFTER_APPEND,
  /**
   * The first thing that follows has run: a message was handed to the link, or a blob was kept or
   * removed. If nothing follows, the kill comes at the end.
   */
  AFTER_EFFECT;

  /** In words. */
  public String words() {
    return name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
  }
}
