// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.fedwerk.itests.harness.Folders;
import org.fedwerk.itests.harness.KarafInstance;
import org.fedwerk.itests.harness.KarafShell;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** The bar of a pilot at one desk, in the packaged distribution. */
@Order(1)
class PrototypeTest {
  private static final Duration LONG = Duration.ofMinutes(4);

  private static final String MANIFEST =
      """
      fedwerk-data: 1
      name: two presses
      cycle: part
      step: 1
      label: {name: wear, column: wear, codes: [0, 1]}
      role: role
      signals: [{column: force, unit: kN}]
      sites:
        - {name: a, data: a.csv, labels: a-labels.csv}
        - {name: b, data: b.csv, labels: b-labels.csv}
      """;

  private static final String TASK =
      """
      task: wear
      owner: tests
      purpose: see wear
      schema:
        name: presses
        version: 1
        signals: [{name: force, unit: kN, min: -100, max: 100}]
        window: {steps: 2, step: 1s}
        label: {name: wear, classes: [low, high]}
      model: {architecture: linear}
      training: {rate: 0.3, batch: 8, class-weights: {high: 2}}
      rounds: {max: 2, least: 2, quorum: 2, stall: 10m}
      egress: {least-count: 2}
      """;

  @Test
  void recordingsGiveATableOfColumnsThatWereTunedAlike() throws Exception {
    Path folder =
        Path.of(System.getProperty("fedwerk.itest.folder")).toAbsolutePath().resolve("prototype");
    Folders.delete(folder);
    Path data = Files.createDirectories(folder.resolve("data"));
    record(data);
    String command =
        "fedwerk:prototype --configurations "
            + data.resolve("tries.yaml")
            + " "
            + data.resolve("task.yaml")
            + " "
            + data;
    String cache = Objects.requireNonNull(System.getenv("DJL_CACHE_DIR"));
    try (KarafInstance desk =
        new KarafInstance(
            Path.of(System.getProperty("fedwerk.home")),
            folder.resolve("desk"),
            List.of("fedwerk-prototype"),
            "384m",
            Map.of("DJL_CACHE_DIR", cache))) {
      desk.start();
      desk.awaitBooted(LONG);
      desk.await("a desk", LONG, each -> desk.exec("service:list").contains("Prototyping"));
      List<String> learned = new ArrayList<>();
      for (JsonNode row : desk.json(command)) {
        learned.add(row.get("learned").asText());
        assertEquals(2, row.get("tries").asInt(), row.toString());
        assertTrue(row.get("test").asDouble() > 0.9, row.toString());
        assertTrue(row.get("validation").asDouble() > 0.9, row.toString());
      }
      assertEquals(List.of("local-home", "local-abroad", "pooled", "federated"), learned);

      Files.writeString(data.resolve("fedwerk-data.yaml"), MANIFEST.replace("codes:", "cods:"));
      KarafShell.Output refused = desk.run(command);
      assertNotEquals(0, refused.exit());
      assertTrue(refused.text().contains("line 5, fedwerk-data.yaml"), refused.text());
    }
  }

  private static void record(Path data) throws IOException {
    Files.writeString(data.resolve("fedwerk-data.yaml"), MANIFEST);
    Files.writeString(data.resolve("task.yaml"), TASK);
    Files.writeString(
        data.resolve("tries.yaml"), "- {training.rate: 0.3}\n- {training.rate: 0.1}\n");
    for (String site : List.of("a", "b")) {
      StringBuilder samples = new StringBuilder("part,force\n");
      StringBuilder labels = new StringBuilder("part,wear,role\n");
      for (int n = 0; n < 40; n++) {
        int wear = n % 2;
        for (int step = 0; step < 2; step++) {
          samples.append(site + n + "," + ((wear == 1 ? 3 : -3) + step * 0.1) + "\n");
        }
        String role = n % 10 < 6 ? "train" : n % 10 < 8 ? "validation" : "test";
        labels.append(site + n + "," + wear + "," + role + "\n");
      }
      Files.writeString(data.resolve(site + ".csv"), samples);
      Files.writeString(data.resolve(site + "-labels.csv"), labels);
    }
  }
}
