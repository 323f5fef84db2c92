// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.signal.mqtt.internal;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.Optional;
import org.fedwerk.api.data.DataRole;
import org.fedwerk.api.signal.SampleValue;

/** Fields of JSON messages, by JSON pointer; what cannot be used is told as {@link Unusable}. */
final class JsonField {
  private static final ObjectReader JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build()
          .reader();

  /** Far enough for any code or serial; 1e999999999 would fill the memory when printed. */
  private static final int MOST_DIGITS = 100;

  private static final int LONGEST_SERIAL = 256;
  private static final int MILLIS_TO_NANOS = 6;
  private static final long NANOS = 1_000_000_000L;
  private static final Instant LATEST = Instant.parse("2200-01-01T00:00:00Z");

  private JsonField() {}

  /** The message as a tree. */
  static JsonNode message(byte[] payload) throws Unusable {
    JsonNode message;
    try {
      message = JSON.readTree(payload);
    } catch (IOException | NumberFormatException malformed) {
      throw new Unusable("not JSON");
    }
    if (message == null || message.isMissingNode()) {
      throw new Unusable("empty message");
    }
    return message;
  }

  private static JsonNode at(JsonNode message, JsonPointer pointer) throws Unusable {
    JsonNode field = message.at(pointer);
    if (field.isMissingNode()) {
      throw new Unusable("missing: " + pointer);
    }
    return field;
  }

  /** A part's serial: text, or a whole number. */
  static String serial(JsonNode message, JsonPointer pointer) throws Unusable {
    JsonNode field = at(message, pointer);
    String serial;
    if (field.isTextual()) {
      serial = field.textValue();
    } else if (field.isNumber()) {
      serial = printed(field, pointer);
      if (serial.indexOf('.') >= 0) {
        throw wrong(field, pointer);
      }
    } else {
      throw wrong(field, pointer);
    }
    if (serial.isBlank() || serial.length() > LONGEST_SERIAL) {
      throw new Unusable("serial is blank or longer than " + LONGEST_SERIAL + ": " + pointer);
    }
    return serial;
  }

  /** Which part is in the machine: a serial, or an empty text for none. */
  static String part(JsonNode message, JsonPointer pointer) throws Unusable {
    JsonNode field = at(message, pointer);
    return field.isTextual() && field.textValue().isBlank() ? "" : serial(message, pointer);
  }

  /** A code as text: a number without trailing zeros, a boolean as true or false. */
  static String code(JsonNode message, JsonPointer pointer) throws Unusable {
    JsonNode field = at(message, pointer);
    if (field.isTextual()) {
      return field.textValue().strip();
    }
    if (field.isNumber()) {
      return printed(field, pointer);
    }
    if (field.isBoolean()) {
      return field.asText();
    }
    throw wrong(field, pointer);
  }

  /** A finite number. */
  static double number(JsonNode message, JsonPointer pointer) throws Unusable {
    JsonNode field = at(message, pointer);
    if (!field.isNumber() || !Double.isFinite(field.doubleValue())) {
      throw wrong(field, pointer);
    }
    return field.doubleValue();
  }

  /** A measured value: a number or a boolean. */
  static SampleValue measured(JsonNode message, JsonPointer pointer) throws Unusable {
    JsonNode field = at(message, pointer);
    if (field.isBoolean()) {
      return new SampleValue.Bool(field.booleanValue());
    }
    return new SampleValue.Number(number(message, pointer));
  }

  /** A time: ISO-8601 with offset or Z, or milliseconds since 1970-01-01T00:00Z. */
  static Instant time(JsonNode message, JsonPointer pointer) throws Unusable {
    JsonNode field = at(message, pointer);
    if (field.isTextual()) {
      return time(field.textValue(), pointer.toString());
    }
    if (field.isNumber()) {
      return ofMillis(field.decimalValue(), pointer);
    }
    throw wrong(field, pointer);
  }

  /**
   * A time as text: ISO-8601 with offset or Z.
   *
   * @param where it stands, for the refusal
   */
  static Instant time(String text, String where) throws Unusable {
    Instant time;
    try {
      time = OffsetDateTime.parse(text.strip()).toInstant();
    } catch (DateTimeException malformed) {
      throw new Unusable("time is not ISO-8601 with offset: " + where);
    }
    if (time.isBefore(Instant.EPOCH) || time.isAfter(LATEST)) {
      throw outOfRange(where);
    }
    return time;
  }

  private static Instant ofMillis(BigDecimal millis, JsonPointer pointer) throws Unusable {
    if (millis.signum() < 0
        || millis.compareTo(BigDecimal.valueOf(LATEST.toEpochMilli())) > 0
        || millis.scale() > MOST_DIGITS) {
      throw outOfRange(pointer.toString());
    }
    long nanos =
        millis.movePointRight(MILLIS_TO_NANOS).setScale(0, RoundingMode.FLOOR).longValueExact();
    return Instant.ofEpochSecond(nanos / NANOS, nanos % NANOS);
  }

  /** The role that the data's owner gave; empty if the field is absent or null. */
  static Optional<DataRole> role(JsonNode message, JsonPointer pointer) throws Unusable {
    JsonNode field = message.at(pointer);
    if (field.isMissingNode() || field.isNull()) {
      return Optional.empty();
    }
    if (field.isTextual()) {
      String word = field.textValue().strip().toUpperCase(Locale.ROOT);
      for (DataRole role : DataRole.values()) {
        if (role.name().equals(word)) {
          return Optional.of(role);
        }
      }
    }
    throw new Unusable("unknown role, not train, validation or test: " + pointer);
  }

  private static String printed(JsonNode number, JsonPointer pointer) throws Unusable {
    BigDecimal decimal = number.decimalValue().stripTrailingZeros();
    if (Math.abs((long) decimal.scale()) + decimal.precision() > MOST_DIGITS) {
      throw wrong(number, pointer);
    }
    return decimal.toPlainString();
  }

  private static Unusable outOfRange(String where) {
    return new Unusable("time is not between 1970 and 2200: " + where);
  }

  private static Unusable wrong(JsonNode field, JsonPointer pointer) {
    String type = field.getNodeType().name().toLowerCase(Locale.ROOT);
    return new Unusable("wrong type: " + type + " at " + pointer);
  }
}
