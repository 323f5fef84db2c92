// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.metrics.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.fedwerk.api.status.Health;
import org.fedwerk.api.status.StatusLine;

/** Health as a supervisor reads it: a JSON object with the state and what it comes from. */
final class HealthReport {
  private static final ObjectMapper JSON = new ObjectMapper();

  private HealthReport() {}

  static String of(Health health) {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("state", health.state().name().toLowerCase(Locale.ROOT));
    report.put("reasons", health.reasons().stream().map(HealthReport::line).toList());
    return text(report);
  }

  /** The process answers, which is all that is asked. */
  static String live() {
    return text(Map.of("state", "live", "reasons", List.of()));
  }

  private static Map<String, String> line(StatusLine line) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("subject", line.subject());
    fields.put("state", line.state().name());
    fields.put("detail", line.detail());
    return fields;
  }

  private static String text(Map<String, ?> report) {
    try {
      return JSON.writeValueAsString(report) + "\n";
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException("texts could not be written as JSON", impossible);
    }
  }
}
