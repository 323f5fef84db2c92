// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.plant.internal;

import java.util.LinkedHashMap;
import java.util.Map;

/** Writes the little JSON that a plant sends and prints. */
public final class Json {
  private Json() {}

  /** An object of the entries given, in their order; values are texts, numbers, booleans, maps. */
  public static String object(Map<String, ?> fields) {
    StringBuilder text = new StringBuilder("{");
    fields.forEach(
        (name, value) -> {
          if (text.length() > 1) {
            text.append(',');
          }
          text.append(quoted(name)).append(':').append(value(value));
        });
    return text.append('}').toString();
  }

  private static String value(Object value) {
    if (value instanceof Map<?, ?> map) {
      Map<String, Object> fields = new LinkedHashMap<>();
      map.forEach((name, field) -> fields.put(String.valueOf(name), field));
      return object(fields);
    }
    if (value instanceof Double number && !Double.isFinite(number)) {
      return "null";
    }
    return value instanceof Number || value instanceof Boolean
        ? value.toString()
        : quoted(value.toString());
  }

  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < ' ') {
        quoted.append("\\u%04x".formatted((int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }
}
