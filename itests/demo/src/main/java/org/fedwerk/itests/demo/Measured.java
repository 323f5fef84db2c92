// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.fedwerk.api.learn.Evaluation;
import org.fedwerk.itests.harness.KarafInstance;

/** What the shells of the demo's processes tell in numbers. */
final class Measured {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Measured() {}

  /** One plant's own account. */
  record PlantCounts(
      String site,
      String state,
      long values,
      long parts,
      long probes,
      double p50Millis,
      double p99Millis) {}

  static List<PlantCounts> plants(KarafInstance plants) throws IOException {
    List<PlantCounts> all = new ArrayList<>();
    for (String line :
        plants.exec("plant:status --json").lines().filter(each -> each.startsWith("{")).toList()) {
      JsonNode plant = JSON.readTree(line);
      long values = 0;
      for (JsonNode each : plant.get("values")) {
        values += each.asLong();
      }
      JsonNode probe = plant.get("probe");
      all.add(
          new PlantCounts(
              plant.get("site").asText(),
              plant.get("state").asText(),
              values,
              plant.get("parts").asLong(),
              probe.get("count").asLong(),
              probe.get("p50Millis").asDouble(),
              probe.get("p99Millis").asDouble()));
    }
    return all;
  }

  /** Values that a site received from its machine. */
  static long received(KarafInstance site) throws IOException {
    long received = 0;
    for (JsonNode signal : site.json("fedwerk:signals")) {
      if (signal.get("source").asText().equals("machine")) {
        received += signal.get("received").asLong();
      }
    }
    return received;
  }

  /** Values that plants wrote and sites did not receive; waits until nothing is under way. */
  static long lost(KarafInstance plants, Map<String, KarafInstance> sites, Duration limit)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    while (true) {
      long lost = 0;
      for (PlantCounts plant : plants(plants)) {
        lost +=
            Math.abs(plant.values() - received(Objects.requireNonNull(sites.get(plant.site()))));
      }
      if (lost == 0 || System.nanoTime() > end) {
        return lost;
      }
      java.util.concurrent.TimeUnit.MILLISECONDS.sleep(200);
    }
  }

  /** Bytes that passed the federation's broker since its start, both directions. */
  static long brokerBytes(KarafInstance coordinator) throws IOException {
    JsonNode broker = coordinator.json("fedwerk:broker").get(0);
    return broker.get("bytes in").asLong() + broker.get("bytes out").asLong();
  }

  /** Mean over sites of a metric of a round's evaluations. */
  static double meanMetric(JsonNode round, String metric) {
    double sum = 0;
    JsonNode evaluations = round.get("evaluations");
    for (JsonNode each : evaluations) {
      sum += evaluation(each).metric(metric);
    }
    return sum / evaluations.size();
  }

  private static Evaluation evaluation(JsonNode node) {
    JsonNode rows = node.get("confusion");
    long[][] confusion = new long[rows.size()][rows.size()];
    for (int row = 0; row < rows.size(); row++) {
      for (int column = 0; column < rows.size(); column++) {
        confusion[row][column] = rows.get(row).get(column).asLong();
      }
    }
    return new Evaluation(
        node.get("count").asLong(), Double.NaN, confusion, new long[2][Evaluation.BINS]);
  }

  /** The p-th quantile, nearest rank. */
  static double quantile(List<Double> values, double p) {
    List<Double> sorted = values.stream().sorted().toList();
    return sorted.get(Math.max(0, (int) Math.ceil(p * sorted.size()) - 1));
  }
}
