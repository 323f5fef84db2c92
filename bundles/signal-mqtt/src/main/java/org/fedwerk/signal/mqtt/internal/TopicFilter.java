// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.signal.mqtt.internal;

import java.util.List;

/**
 * An MQTT topic filter (MQTT 5, 4.7). Shared subscriptions are not taken: two sites that share one
 * would each miss what the other gets.
 *
 * @param text as subscribed
 */
public record TopicFilter(String text) {
  private static final String LEVEL = "/";
  private static final String ONE = "+";
  private static final String REST = "#";
  private static final int LONGEST = 65_535;

  public TopicFilter {
    List<String> levels = levels(text);
    boolean isWellFormed = !text.isEmpty() && text.length() <= LONGEST && text.indexOf('\0') < 0;
    for (int k = 0; k < levels.size(); k++) {
      String level = levels.get(k);
      isWellFormed &=
          level.equals(ONE)
              || level.equals(REST) && k == levels.size() - 1
              || !level.contains(ONE) && !level.contains(REST);
    }
    if (!isWellFormed || text.startsWith("$share/")) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is no topic filter; write for example plant1/quality/#");
    }
  }

  /** True if messages of the topic are meant. */
  boolean matches(String topic) {
    List<String> wanted = levels(text);
    List<String> given = levels(topic);
    boolean isWild = wanted.get(0).equals(ONE) || wanted.get(0).equals(REST);
    if (topic.startsWith("$") && isWild) {
      return false;
    }
    for (int k = 0; k < wanted.size(); k++) {
      if (wanted.get(k).equals(REST)) {
        return true;
      }
      if (k >= given.size() || !wanted.get(k).equals(ONE) && !wanted.get(k).equals(given.get(k))) {
        return false;
      }
    }
    return wanted.size() == given.size();
  }

  private static List<String> levels(String text) {
    return List.of(text.split(LEVEL, -1));
  }

  @Override
  public String toString() {
    return text;
  }
}
