// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.routes.internal;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One entry of a body: a JSON object or a line of CSV.
 *
 * @param where it stands, for messages
 * @param fields by name; what is absent or null is left out
 */
record Row(String where, Map<String, JsonNode> fields) {
  private static final Instant LATEST = Instant.parse("2200-01-01T00:00:00Z");

  /** A field that may be missing. */
  @Nullable JsonNode field(String name) {
    return fields.get(name);
  }

  /** What a body with a mistake gets: where, which field, and what is wrong. */
  IllegalArgumentException wrong(String name, String what) {
    return new IllegalArgumentException(where + ", " + name + ": " + what);
  }

  /** A text or a number as text; it must be there. */
  String text(String name) {
    JsonNode field = field(name);
    if (field == null) {
      throw wrong(name, "it is missing");
    }
    if (!field.isValueNode() || (field.isTextual() && field.textValue().isBlank())) {
      throw wrong(name, "it must be a text or a number");
    }
    return field.isNumber() ? plain(field.decimalValue()) : field.asText().strip();
  }

  private static String plain(BigDecimal number) {
    return Math.abs(number.scale()) > 100
        ? number.toString()
        : number.stripTrailingZeros().toPlainString();
  }

  /**
   * The field {@code time}: ISO-8601 with offset or Z, or milliseconds since 1970; if it is there.
   */
  Optional<Instant> time() {
    JsonNode field = field("time");
    if (field == null) {
      return Optional.empty();
    }
    Instant time = parsed(field.asText().strip());
    if (time.isBefore(Instant.EPOCH) || time.isAfter(LATEST)) {
      throw wrong("time", "\"" + field.asText() + "\" is not between 1970 and 2200");
    }
    return Optional.of(time);
  }

  private Instant parsed(String text) {
    try {
      return text.matches("[0-9]{1,18}")
          ? Instant.ofEpochMilli(Long.parseLong(text))
          : OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException malformed) {
      throw wrong(
          "time",
          "\"" + text + "\" is no time; use 2026-01-05T06:00:00Z, or milliseconds since 1970");
    }
  }
}
