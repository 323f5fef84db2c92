// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.link;

import org.fedwerk.api.message.Header;
import org.fedwerk.api.message.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Where a message goes: {@code fedwerk/<federation>/all/<kind>/<task>}, {@code
 * .../to/<site>/<kind>/<task>}, {@code .../from/<site>/<kind>/<task>}.
 *
 * @param federation the federation's name: lower case letters, digits, dashes
 * @param branch which of the three
 * @param site the site of TO and FROM; null for ALL
 * @param kind kind
 * @param task first twelve digits of the task digest, or {@code none}
 */
public record Address(
    String federation, Branch branch, @Nullable String site, Kind kind, String task) {
  /** Task level of messages about no task. */
  public static final String NO_TASK = "none";

  /** Direction. */
  public enum Branch {
    ALL,
    TO,
    FROM
  }

  public Address {
    if ((branch == Branch.ALL) != (site == null)) {
      throw new IllegalArgumentException("a site is named in to and from, and only there");
    }
  }

  /** The topic. */
  public String topic() {
    String head = "fedwerk/" + federation + "/";
    String middle =
        switch (branch) {
          case ALL -> Header.ALL;
          case TO -> "to/" + site;
          case FROM -> "from/" + site;
        };
    return head + middle + "/" + kind.word() + "/" + task;
  }

  /**
   * Reads a topic.
   *
   * @throws IllegalArgumentException if it is none of ours
   */
  public static Address parse(String topic) {
    String[] levels = topic.split("/", -1);
    if (levels.length >= 5 && levels[0].equals("fedwerk")) {
      int at = levels[2].equals(Header.ALL) ? 3 : 4;
      if (levels.length == at + 2) {
        Branch branch = Branch.valueOf(levels[2].toUpperCase(java.util.Locale.ROOT));
        Kind kind = Kind.valueOf(levels[at].toUpperCase(java.util.Locale.ROOT));
        return new Address(levels[1], branch, at == 4 ? levels[3] : null, kind, levels[at + 1]);
      }
    }
    throw new IllegalArgumentException("not a Fedwerk topic: " + topic);
  }
}
