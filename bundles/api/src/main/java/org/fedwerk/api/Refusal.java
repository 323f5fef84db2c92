// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api;

/**
 * One reason why something was not accepted, in words for the person who can mend it.
 *
 * @param where the place: a key ({@code schema.signals.torque.unit}), a file with line, a message
 *     kind
 * @param line line in the document, from 1; 0 where there is none
 * @param what what is wrong and what to do about it, one sentence
 */
public record Refusal(String where, int line, String what) {
  @Override
  public String toString() {
    return (line > 0 ? "line " + line + ", " : "") + where + ": " + what;
  }
}
