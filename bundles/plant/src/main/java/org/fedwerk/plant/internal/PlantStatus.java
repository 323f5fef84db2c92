// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.plant.internal;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How a plant is.
 *
 * @param site its name
 * @param state what it is doing
 * @param detail one sentence about it
 * @param process what it makes
 * @param endpoint its OPC UA address; empty before it listens
 * @param bulkParts parts made in the bulk phase
 * @param trickleParts parts made at the steady pace
 * @param values values written to at least one monitored item, by signal
 * @param overflows values lost to full queues that a client left behind
 * @param labels the labels
 * @param probe the latency probe
 */
public record PlantStatus(
    String site,
    PlantState state,
    String detail,
    String process,
    String endpoint,
    long bulkParts,
    long trickleParts,
    Map<String, Long> values,
    long overflows,
    Labels labels,
    Probe probe) {

  /**
   * Labels on their way.
   *
   * @param state the connection, in words
   * @param sent handed over to be sent
   * @param acknowledged taken by the broker for a subscriber
   */
  public record Labels(String state, long sent, long acknowledged) {}

  /**
   * The latency from the last value written to the DataChange of the prediction.
   *
   * @param state the connection, in words
   * @param count predictions measured
   * @param p50Millis median, ms; NaN before the first
   * @param p99Millis 99 % quantile, ms; NaN before the first
   */
  public record Probe(String state, long count, double p50Millis, double p99Millis) {}

  /** For programs: one JSON object. */
  public Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("site", site);
    fields.put("state", state.name());
    fields.put("detail", detail);
    fields.put("process", process);
    fields.put("endpoint", endpoint);
    fields.put("parts", bulkParts + trickleParts);
    fields.put("bulkParts", bulkParts);
    fields.put("trickleParts", trickleParts);
    fields.put("values", values);
    fields.put("overflows", overflows);
    Map<String, Object> labelFields = new LinkedHashMap<>();
    labelFields.put("state", labels.state());
    labelFields.put("sent", labels.sent());
    labelFields.put("acknowledged", labels.acknowledged());
    fields.put("labels", labelFields);
    Map<String, Object> probeFields = new LinkedHashMap<>();
    probeFields.put("state", probe.state());
    probeFields.put("count", probe.count());
    probeFields.put("p50Millis", probe.p50Millis());
    probeFields.put("p99Millis", probe.p99Millis());
    fields.put("probe", probeFields);
    return fields;
  }
}
