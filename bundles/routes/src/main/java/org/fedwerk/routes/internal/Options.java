// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.routes.internal;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Takes an endpoint's options out of its URI; what is left over Camel refuses as unknown. */
final class Options {
  private final String endpoint;
  private final Map<String, Object> parameters;

  /** Of one endpoint. */
  Options(String endpoint, Map<String, Object> parameters) {
    this.endpoint = endpoint;
    this.parameters = parameters;
  }

  /** A text that must be given. */
  String required(String key) {
    String value = text(key, "");
    if (value.isEmpty()) {
      throw new IllegalArgumentException(endpoint + ": the option " + key + " is missing");
    }
    return value;
  }

  /** A text. */
  String text(String key, String usual) {
    Object value = parameters.remove(key);
    return value == null ? usual : value.toString().strip();
  }

  /** One of some words. */
  String word(String key, String usual, List<String> allowed) {
    String value = text(key, usual);
    if (!allowed.contains(value)) {
      throw refusal(key, value, String.join(" or ", allowed));
    }
    return value;
  }

  /** True or false. */
  boolean flag(String key, boolean usual) {
    return word(key, Boolean.toString(usual), List.of("true", "false")).equals("true");
  }

  /** A whole number. */
  int number(String key, int usual, int least, int most) {
    String value = text(key, Integer.toString(usual));
    try {
      int number = Integer.parseInt(value);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException none) {
      throw refusal(key, value, "a number from " + least + " to " + most);
    }
    throw refusal(key, value, "a number from " + least + " to " + most);
  }

  /** Milliseconds. */
  Duration millis(String key, int usual, int least, int most) {
    return Duration.ofMillis(number(key, usual, least, most));
  }

  /** All options that begin so, by what follows, in the order of their names. */
  Map<String, String> prefixed(String prefix) {
    Set<String> keys =
        parameters.keySet().stream()
            .filter(key -> key.startsWith(prefix) && key.length() > prefix.length())
            .collect(Collectors.toCollection(TreeSet::new));
    Map<String, String> found = new LinkedHashMap<>();
    keys.forEach(key -> found.put(key.substring(prefix.length()), text(key, "")));
    return found;
  }

  /** What an option gets that is not allowed. */
  IllegalArgumentException refusal(String key, String value, String allowed) {
    return new IllegalArgumentException(
        endpoint + ": " + key + " = \"" + value + "\" is not allowed; use " + allowed);
  }
}
