// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.broker.internal;

import java.util.ArrayList;
import java.util.List;

/**
 * An MQTT topic filter as a rule: what it covers, its holder may use.
 *
 * @param levels the filter's levels
 */
record TopicFilter(List<String> levels) {
  private static final String ANY_LEVEL = "+";
  private static final String ANY_REST = "#";

  TopicFilter {
    levels = List.copyOf(levels);
    for (int at = 0; at < levels.size(); at++) {
      String level = levels.get(at);
      boolean isWild = level.contains(ANY_LEVEL) || level.contains(ANY_REST);
      boolean isLast = at == levels.size() - 1;
      if (isWild && !level.equals(ANY_LEVEL) && !(level.equals(ANY_REST) && isLast)) {
        throw new IllegalArgumentException(
            "+ and # stand alone between slashes, and # is the last");
      }
    }
  }

  /** Reads MQTT's form. */
  static TopicFilter of(String filter) {
    if (filter.isBlank()) {
      throw new IllegalArgumentException("a topic filter is not empty");
    }
    return new TopicFilter(List.of(filter.split("/", -1)));
  }

  /**
   * Reads an address of the broker's core: levels between dots, {@code *} for any level, a
   * backslash before a character that stands for itself.
   */
  static TopicFilter ofAddress(String address) {
    List<String> levels = new ArrayList<>();
    StringBuilder level = new StringBuilder();
    boolean isLiteral = false;
    for (int at = 0; at < address.length(); at++) {
      char c = address.charAt(at);
      if (c == '\\' && at + 1 < address.length()) {
        level.append(address.charAt(++at));
        isLiteral = true;
      } else if (c == '.') {
        levels.add(level(level, isLiteral));
        level.setLength(0);
        isLiteral = false;
      } else {
        level.append(c);
      }
    }
    levels.add(level(level, isLiteral));
    return new TopicFilter(levels);
  }

  private static String level(StringBuilder level, boolean isLiteral) {
    return !isLiteral && level.toString().equals("*") ? ANY_LEVEL : level.toString();
  }

  /** True if every topic that the other one matches is matched by this one. */
  boolean covers(TopicFilter other) {
    int at = 0;
    for (; at < levels.size(); at++) {
      String mine = levels.get(at);
      if (mine.equals(ANY_REST)) {
        return true;
      }
      if (at == other.levels.size()) {
        return false;
      }
      String theirs = other.levels.get(at);
      if (theirs.equals(ANY_REST) || !(mine.equals(ANY_LEVEL) || mine.equals(theirs))) {
        return false;
      }
    }
    return at == other.levels.size();
  }
}
