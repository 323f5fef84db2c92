// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.fault;

import java.util.regex.Pattern;

/**
 * What kind of record: the journal, with the task's digits left out of its name, and the type byte.
 *
 * @param journal for example {@code coordinator/<task>/rounds}
 * @param type second byte of the record
 */
public record RecordType(String journal, int type) implements Comparable<RecordType> {
  private static final Pattern TASK = Pattern.compile("/[0-9a-f]{12}/");

  /** The type of a record that goes to a journal. */
  public static RecordType of(String journal, byte[] record) {
    return new RecordType(TASK.matcher(journal).replaceAll("/<task>/"), record[1]);
  }

  @Override
  public int compareTo(RecordType other) {
    int order = journal.compareTo(other.journal);
    return order == 0 ? Integer.compare(type, other.type) : order;
  }

  @Override
  public String toString() {
    return journal + "#" + type;
  }
}
