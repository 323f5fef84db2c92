// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.routes.internal;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.fedwerk.api.signal.Sample;
import org.fedwerk.api.signal.SampleValue;
import org.jspecify.annotations.Nullable;

/**
 * Makes samples of a body. An entry is either one sample ({@code signal}, {@code value}, {@code
 * time}, {@code status}) or the values of several signals at one {@code time}, by their names.
 */
final class SampleReader {
  private static final String SIGNAL = "signal";
  private static final String TIME = "time";
  private static final String STATUS = "status";
  private static final long MOST_STATUS = 0xFFFF_FFFFL;

  private final Map<String, String> signals;
  private final String part;
  private final boolean arrival;
  private final boolean skipOthers;
  private final Clock clock;

  /**
   * A reader.
   *
   * @param signals units by name
   * @param part name of the one that carries serials; empty if none does
   * @param arrival true if an entry without time was measured when it came
   * @param skipOthers true if names that are no signals are passed over
   */
  SampleReader(
      Map<String, String> signals, String part, boolean arrival, boolean skipOthers, Clock clock) {
    this.signals = Map.copyOf(signals);
    this.part = part;
    this.arrival = arrival;
    this.skipOthers = skipOthers;
    this.clock = clock;
  }

  /** All samples of entries, in their order. */
  List<Sample> read(List<Row> rows) {
    List<Sample> samples = new ArrayList<>();
    rows.forEach(row -> read(row, samples));
    return samples;
  }

  private void read(Row row, List<Sample> samples) {
    Instant time =
        row.time()
            .or(() -> arrival ? java.util.Optional.of(clock.instant()) : java.util.Optional.empty())
            .orElseThrow(() -> row.wrong(TIME, "it is missing; add it, or set time=arrival"));
    int status = status(row);
    if (row.field(SIGNAL) != null) {
      one(row, row.text(SIGNAL), time, status, samples);
      return;
    }
    if (row.fields().keySet().equals(Set.of(Rows.VALUE)) && signals.size() == 1) {
      one(row, signals.keySet().iterator().next(), time, status, samples);
      return;
    }
    row.fields()
        .forEach(
            (name, value) -> {
              if (signals.containsKey(name)) {
                samples.add(new Sample(name, value(row, name, name, value), status, time));
              } else if (!skipOthers && !name.equals(TIME) && !name.equals(STATUS)) {
                throw row.wrong(name, unknown());
              }
            });
  }

  private void one(Row row, String name, Instant time, int status, List<Sample> samples) {
    if (!signals.containsKey(name)) {
      if (skipOthers) {
        return;
      }
      throw row.wrong(SIGNAL, "\"" + name + "\": " + unknown());
    }
    JsonNode value = row.field(Rows.VALUE);
    if (value == null && status == 0) {
      throw row.wrong(Rows.VALUE, "it is missing");
    }
    samples.add(
        new Sample(name, value == null ? null : value(row, Rows.VALUE, name, value), status, time));
  }

  private static String unknown() {
    return "it is no signal of this endpoint; add it to signals, or set others=skip";
  }

  private static int status(Row row) {
    JsonNode field = row.field(STATUS);
    if (field == null) {
      return 0;
    }
    String text = field.asText().strip();
    if (text.matches("[0-9]{1,10}") && Long.parseLong(text) <= MOST_STATUS) {
      return (int) Long.parseLong(text);
    }
    throw row.wrong(STATUS, "\"" + text + "\" is no OPC UA status, a number from 0");
  }

  private @Nullable SampleValue value(Row row, String field, String signal, JsonNode value) {
    if (!value.isValueNode()) {
      throw row.wrong(field, "it must be a number, true or false, or a text");
    }
    if (signal.equals(part)) {
      return new SampleValue.Text(
          value.isTextual() && value.textValue().isEmpty() ? "" : row.text(field));
    }
    if (value.isBoolean()) {
      return new SampleValue.Bool(value.booleanValue());
    }
    String text = value.asText().strip();
    if (text.equals("true") || text.equals("false")) {
      return new SampleValue.Bool(text.equals("true"));
    }
    try {
      return new SampleValue.Number(
          value.isNumber() ? value.doubleValue() : Double.parseDouble(text));
    } catch (NumberFormatException none) {
      throw row.wrong(field, "\"" + text + "\" is no number");
    }
  }
}
