// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.kill;

import org.fedwerk.sim.fault.RecordType;

/**
 * One row of the matrix: a type of record, and where a run writes it.
 *
 * @param type the record
 * @param words what it says
 * @param source the constant that names its type byte, as {@code Class.CONSTANT}
 * @param scenario the run in which it is written
 */
public record Row(RecordType type, String words, String source, Scenario scenario) {
  static Row of(String journal, int type, String words, String source, Scenario scenario) {
    return new Row(new RecordType(journal, type), words, source, scenario);
  }

  /** True if the coordinator writes it; else every site does. */
  public boolean isCoordinators() {
    return type.journal().startsWith("coordinator/");
  }
}
