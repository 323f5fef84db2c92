// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.kill;

import org.fedwerk.sim.fault.RecordType;

/**
 * Where one kill comes.
 *
 * @param actor id of who is killed
 * @param type of the record
 * @param nth which record of that type of this actor, from 1
 * @param moment when in its writing
 */
public record Point(String actor, RecordType type, int nth, Moment moment) {
  @Override
  public String toString() {
    return actor + " " + moment.words() + " " + nth + " of " + type;
  }
}
