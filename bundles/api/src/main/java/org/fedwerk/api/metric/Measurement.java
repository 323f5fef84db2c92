// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.metric;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * One number that a room knows of itself now.
 *
 * @param name words in lower case with dots between, without unit, for example {@code
 *     fedwerk.samples.received}; all measurements of one name have the same kind, unit and tag keys
 * @param kind what kind of number
 * @param unit base unit in the plural, {@code seconds} or {@code bytes}; empty for counts and
 *     shares
 * @param description one sentence for people
 * @param tags what it is of; every value is from a set that configuration or the federation bounds,
 *     never a serial, a value or an address of a person
 * @param value the number; not finite if there is none yet
 */
public record Measurement(
    String name,
    Kind kind,
    String unit,
    String description,
    Map<String, String> tags,
    double value) {
  private static final Pattern NAME = Pattern.compile("fedwerk(\\.[a-z]+)+");
  private static final Pattern WORD = Pattern.compile("[a-z]+");

  /** What kind of number a measurement is. */
  public enum Kind {
    /** Only grows while the process runs, from 0 at its start. */
    COUNTER,
    /** Goes up and down. */
    GAUGE
  }

  public Measurement {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("\"" + name + "\" is no name of a measurement");
    }
    tags.keySet().stream()
        .filter(key -> !WORD.matcher(key).matches())
        .findFirst()
        .ifPresent(
            key -> {
              throw new IllegalArgumentException(name + " has a tag with the key \"" + key + "\"");
            });
    tags = Map.copyOf(tags);
  }

  /**
   * A counter.
   *
   * @param tags keys and values in turn
   */
  public static Measurement counter(
      String name, String unit, String description, double value, String... tags) {
    return new Measurement(name, Kind.COUNTER, unit, description, map(tags), value);
  }

  /**
   * A gauge.
   *
   * @param tags keys and values in turn
   */
  public static Measurement gauge(
      String name, String unit, String description, double value, String... tags) {
    return new Measurement(name, Kind.GAUGE, unit, description, map(tags), value);
  }

  private static Map<String, String> map(String... tags) {
    Map<String, String> map = new LinkedHashMap<>();
    for (int i = 0; i < tags.length; i += 2) {
      map.put(tags[i], tags[i + 1]);
    }
    return map;
  }
}
