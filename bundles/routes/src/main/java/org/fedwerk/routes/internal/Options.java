// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.routes.internal;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Takes an endpoint's options out of its URI; what is left over Camel refuses as unknown. */
final class Options {
  private static final Pattern SIGNAL =
      Pattern.compile("([A-Za-z0-9._-]{1,64})(?: *\\[([^\\[\\]]{0,32})])?");

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

  /** Names with their units: {@code serial, torque [Nm]}; the unit is empty where none is given. */
  Map<String, String> units(String key) {
    Map<String, String> found = new LinkedHashMap<>();
    String all = required(key);
    for (String each : all.split(",", -1)) {
      Matcher signal = SIGNAL.matcher(each.strip());
      if (!signal.matches() || found.containsKey(signal.group(1))) {
        throw refusal(key, all, "names that differ, with units: serial, torque [Nm]");
      }
      found.put(signal.group(1), signal.group(2) == null ? "" : signal.group(2).strip());
    }
    return found;
  }

  /** A table: {@code 0=ok, 1=failure}. */
  Map<String, String> table(String key) {
    Map<String, String> found = new LinkedHashMap<>();
    String all = required(key);
    for (String each : all.split(",", -1)) {
      int equals = each.indexOf('=');
      String from = equals < 0 ? "" : each.substring(0, equals).strip();
      String to = each.substring(equals + 1).strip();
      if (from.isEmpty() || to.isEmpty() || found.put(from, to) != null) {
        throw refusal(key, all, "codes that differ, with classes: 0=ok, 1=failure");
      }
    }
    return found;
  }

  /** What an option gets that is not allowed. */
  IllegalArgumentException refusal(String key, String value, String allowed) {
    return new IllegalArgumentException(
        endpoint + ": " + key + " = \"" + value + "\" is not allowed; use " + allowed);
  }
}
