// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.routes.internal;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.fedwerk.api.coordinator.Coordination.RoundRecord;
import org.fedwerk.api.predict.Prediction;

/**
 * Records as one line of JSON with its end, so that lines can be put into one file. Numbers that
 * are not finite are left out.
 */
final class Told {
  private static final JsonMapper JSON = new JsonMapper();

  private Told() {}

  static String json(Prediction prediction) {
    ObjectNode line = JSON.createObjectNode();
    line.put("task", prediction.task());
    line.put("serial", prediction.serial());
    line.put("predicted", prediction.predicted());
    if (Double.isNaN(prediction.probability())) {
      line.put("value", Double.isNaN(prediction.value()) ? null : prediction.value());
    } else {
      line.put("probability", prediction.probability());
    }
    ArrayNode all = line.putArray("probabilities");
    prediction.probabilities().forEach(all::add);
    line.put("threshold", prediction.threshold());
    line.put("alarm", prediction.alarm());
    line.put("trust", prediction.trust().name().toLowerCase(Locale.ROOT));
    line.put("time", prediction.sourceTime().toString());
    line.put("missing", prediction.missing());
    line.put("model version", prediction.modelVersion());
    line.put("model", prediction.digest().hex());
    line.put("local revision", prediction.localRevision());
    line.put("sequence", prediction.sequence());
    return line + "\n";
  }

  static String json(String name, RoundRecord round) {
    ObjectNode line = JSON.createObjectNode();
    line.put("task", name);
    line.put("task digest", round.task().hex());
    line.put("round", round.round());
    line.put("attempt", round.attempt());
    line.put("protocol", round.protocol());
    line.put("model", round.model().hex());
    ArrayNode cohort = line.putArray("cohort");
    round.cohort().forEach(cohort::add);
    ObjectNode missing = line.putObject("missing");
    new TreeMap<>(round.missing()).forEach(missing::put);
    ObjectNode metrics = line.putObject("metrics");
    for (Map.Entry<String, Double> each : new TreeMap<>(round.metrics()).entrySet()) {
      if (Double.isFinite(each.getValue())) {
        metrics.put(each.getKey(), each.getValue());
      }
    }
    line.put("bytes down", round.bytesDown());
    line.put("bytes up", round.bytesUp());
    line.put("seed", round.seed());
    line.put("started", round.started().toString());
    line.put("seconds", round.duration().toNanos() / 1e9);
    return line + "\n";
  }
}
