// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.routes.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads bodies: JSON objects (one, a list, or one after the other), or CSV with a line of names.
 */
final class Rows {
  /** Field of a body that is one value and no object. */
  static final String VALUE = "value";

  /** Formats of bodies. */
  static final List<String> FORMATS = List.of("json", "csv");

  /** Larger bodies are to be split by the route. */
  static final int MOST_BYTES = 16 * 1024 * 1024;

  private static final ObjectReader JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build()
          .readerFor(JsonNode.class);

  private Rows() {}

  /**
   * All of a body.
   *
   * @throws IllegalArgumentException with the place of the mistake
   */
  static List<Row> read(String format, byte[] body) {
    if (body.length > MOST_BYTES) {
      throw new IllegalArgumentException(
          "a body of "
              + body.length
              + " bytes is more than the "
              + MOST_BYTES
              + " that are taken at a time; split it in the route");
    }
    List<Row> rows = format.equals("csv") ? csv(body) : json(body);
    if (rows.isEmpty()) {
      throw new IllegalArgumentException("the body is empty");
    }
    return rows;
  }

  private static List<Row> json(byte[] body) {
    List<Row> rows = new ArrayList<>();
    try (MappingIterator<JsonNode> values = JSON.readValues(body)) {
      while (values.hasNextValue()) {
        JsonNode value = values.nextValue();
        if (value.isArray()) {
          value.forEach(each -> rows.add(row(rows.size() + 1, each)));
        } else {
          rows.add(row(rows.size() + 1, value));
        }
      }
    } catch (JsonProcessingException malformed) {
      throw new IllegalArgumentException(
          "line "
              + (malformed.getLocation() == null ? 1 : malformed.getLocation().getLineNr())
              + ": this is no JSON: "
              + malformed.getOriginalMessage().replaceAll(" *\\([^()]*\\[Source.*", ""));
    } catch (IOException unreadable) {
      throw new IllegalArgumentException("the body cannot be read", unreadable);
    }
    return rows;
  }

  private static Row row(int number, JsonNode value) {
    Map<String, JsonNode> fields = new LinkedHashMap<>();
    if (value.isObject()) {
      value
          .properties()
          .forEach(
              field -> {
                if (!field.getValue().isNull()) {
                  fields.put(field.getKey(), field.getValue());
                }
              });
    } else {
      fields.put(VALUE, value);
    }
    return new Row("entry " + number, fields);
  }

  private static List<Row> csv(byte[] body) {
    String text = new String(body, StandardCharsets.UTF_8);
    List<Csv.Line> lines = Csv.lines(text.startsWith("\uFEFF") ? text.substring(1) : text);
    if (lines.size() < 2) {
      throw new IllegalArgumentException(
          "CSV needs a line of names and at least one line of values");
    }
    List<String> names = lines.get(0).cells().stream().map(cell -> cell.text().strip()).toList();
    if (names.stream().distinct().count() != names.size()) {
      throw new IllegalArgumentException("line 1: a name stands twice");
    }
    return lines.stream().skip(1).map(line -> row(names, line)).toList();
  }

  private static Row row(List<String> names, Csv.Line line) {
    String where = "line " + line.number();
    if (line.cells().size() != names.size()) {
      throw new IllegalArgumentException(
          where + ": it has " + line.cells().size() + " cells, line 1 has " + names.size());
    }
    Map<String, JsonNode> fields = new LinkedHashMap<>();
    for (int i = 0; i < names.size(); i++) {
      Csv.Cell cell = line.cells().get(i);
      if (cell.quoted() || !cell.text().isBlank()) {
        fields.put(names.get(i), TextNode.valueOf(cell.text().strip()));
      }
    }
    return new Row(where, fields);
  }
}
