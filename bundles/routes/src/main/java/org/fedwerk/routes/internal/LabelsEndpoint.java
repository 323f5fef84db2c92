// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.routes.internal;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.camel.Message;
import org.fedwerk.api.data.DataRole;
import org.fedwerk.api.signal.LabelDescriptor;
import org.fedwerk.api.signal.LabelReport;
import org.fedwerk.api.signal.LabelSink;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code fedwerk:labels}: takes quality results in, mapped by the site's own code table. */
final class LabelsEndpoint extends TakingEndpoint {
  private static final Logger log = LoggerFactory.getLogger(LabelsEndpoint.class);
  private static final int LONGEST_SERIAL = 256;

  /** The unit of a number that has none. */
  private static final String NO_UNIT = "1";

  private final String format;
  private final String label;
  private final boolean arrival;
  private final boolean isNumber;
  private final Map<String, String> codes;
  private final Clock clock = Clock.systemUTC();
  private final RouteSource source;
  private long unmapped;

  private record Coded(String serial, String code, Instant time, @Nullable DataRole role) {}

  LabelsEndpoint(String uri, FedwerkComponent component, Services services, Options options) {
    super(uri, component, services, "labels");
    String name = options.required("source");
    label = options.required("label");
    String given = options.text("unit", "");
    isNumber = !given.isEmpty();
    codes = isNumber ? Map.of() : options.table("codes");
    format = options.word("format", "json", Rows.FORMATS);
    arrival = options.word("time", "required", List.of("required", "arrival")).equals("arrival");
    source =
        new RouteSource(
            name,
            List.of(),
            List.of(
                isNumber
                    ? LabelDescriptor.ofNumber(label, given.equals(NO_UNIT) ? "" : given)
                    : new LabelDescriptor(label, codes.values().stream().distinct().toList())),
            System::nanoTime);
  }

  @Override
  RouteSource source() {
    return source;
  }

  /** All of a body is read before the first label is taken, so a mistake takes none. */
  @Override
  synchronized void take(Message message) throws Exception {
    LabelSink sink =
        services()
            .labels()
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        name() + " finds nobody who takes labels: install fedwerk-site"));
    if (message.getBody() instanceof LabelReport report) {
      sink.accept(report);
      source.took(label, report.value(), report.time());
      return;
    }
    List<Coded> all = new ArrayList<>();
    Rows.read(format, message.getMandatoryBody(byte[].class)).forEach(row -> all.add(coded(row)));
    all.forEach(each -> take(each, sink));
  }

  private void take(Coded each, LabelSink sink) {
    String value = isNumber ? each.code() : codes.get(each.code());
    if (value == null) {
      sink.unmapped(source.name(), label, each.serial());
      source.refused(label, "unmapped code");
      if (unmapped++ == 0) {
        log.warn(
            "{} of source {}: code {} is not in the table, so its label is not used; later ones"
                + " are only counted",
            name(),
            source.name(),
            each.code());
      }
      return;
    }
    sink.accept(
        new LabelReport(each.serial(), label, value, source.name(), each.time(), each.role()));
    source.took(label, value, each.time());
  }

  private Coded coded(Row row) {
    String serial = row.text("serial");
    if (serial.length() > LONGEST_SERIAL) {
      throw row.wrong("serial", "it is longer than " + LONGEST_SERIAL);
    }
    Instant time =
        row.time()
            .or(() -> arrival ? java.util.Optional.of(clock.instant()) : java.util.Optional.empty())
            .orElseThrow(() -> row.wrong("time", "it is missing; add it, or set time=arrival"));
    return new Coded(serial, isNumber ? number(row) : row.text("code"), time, role(row));
  }

  private static String number(Row row) {
    String text = row.text("code");
    try {
      double value = Double.parseDouble(text);
      if (Double.isFinite(value)) {
        return Double.toString(value);
      }
    } catch (NumberFormatException none) {
      throw row.wrong("code", "\"" + text + "\" is not a number");
    }
    throw row.wrong("code", "\"" + text + "\" is not a finite number");
  }

  private static @Nullable DataRole role(Row row) {
    JsonNode field = row.field("role");
    if (field == null || field.asText().isBlank()) {
      return null;
    }
    String word = field.asText().strip().toUpperCase(Locale.ROOT);
    return Arrays.stream(DataRole.values())
        .filter(each -> each.name().equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                row.wrong(
                    "role", "\"" + field.asText() + "\" is none of train, validation and test"));
  }
}
