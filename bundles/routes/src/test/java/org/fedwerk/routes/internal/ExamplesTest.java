// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.routes.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.camel.impl.DefaultCamelContext;
import org.fedwerk.api.signal.SignalDescriptor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The documented routes for samples, labels and predictions, without a Karaf. */
class ExamplesTest {
  @TempDir Path folder;
  private final FakeServices services = new FakeServices();

  private RouteFile started(String file) throws Exception {
    Path example = Path.of(System.getProperty("fedwerk.examples"), "routes", file);
    RouteFile route =
        RouteFile.read(
            file,
            Files.readString(example),
            new RouteFile.Ground(
                DefaultCamelContext::new,
                services,
                Map.of(
                    "predictions", folder.resolve("predictions").toString(),
                    "rounds", folder.resolve("rounds").toString(),
                    "samples", folder.resolve("samples").toString(),
                    "labels", folder.resolve("labels").toString())));
    route.start();
    return route;
  }

  private void hand(String to, String text) throws Exception {
    Path part = Files.writeString(folder.resolve("part"), text);
    Files.move(
        part,
        Files.createDirectories(folder.resolve(to)).resolve("1.csv"),
        StandardCopyOption.ATOMIC_MOVE);
  }

  @Test
  void samplesComeFromCsvFilesWithTheNamesAndUnitsOfTheTask() throws Exception {
    try (RouteFile route = started("samples-csv.camel.yaml")) {
      assertEquals(1, route.running());
      List<String> named =
          Objects.requireNonNull(services.sources.get("mill")).signals().stream()
              .map(ExamplesTest::named)
              .toList();
      assertEquals(
          List.of(
              "serial (part)",
              "air-temperature K",
              "process-temperature K",
              "rotational-speed 1/min",
              "torque Nm",
              "tool-wear min",
              "variant"),
          named);
      hand("samples", "time,serial,air-temperature,torque\n1767592800000,P-1,298.1,40.5\n");
      Until.holds("three samples", () -> services.samples.size() == 3);
      Until.holds("an empty folder", () -> !Files.exists(folder.resolve("samples/1.csv")));
    }
  }

  private static String named(SignalDescriptor signal) {
    return (signal.name() + " " + signal.unit() + (signal.part() ? "(part)" : "")).strip();
  }

  @Test
  void labelsComeFromCsvFilesByTheTableOfCodes() throws Exception {
    try (RouteFile route = started("labels-csv.camel.yaml")) {
      assertEquals(1, route.running());
      hand("labels", "serial,code,time\nP-1,0,1767592800000\nP-2,1,1767592800000\n");
      Until.holds("two labels", () -> services.labels.size() == 2);
      assertEquals(
          List.of("ok", "failure"), services.labels.stream().map(each -> each.value()).toList());
    }
  }

  @Test
  void aTimerGivesAValueWithTheTimeOfItsArrival() throws Exception {
    try (RouteFile route = started("samples-timer.camel.xml")) {
      assertEquals(1, route.running());
      Until.holds("a sample", () -> !services.samples.isEmpty());
      assertEquals("hall-temperature", services.samples.get(0).signal());
    }
  }

  @Test
  void predictionsAreLinesOfAFileForEachTask() throws Exception {
    try (RouteFile route = started("predictions-file.camel.xml")) {
      assertEquals(1, route.running());
      for (long sequence = 1; sequence <= 2; sequence++) {
        services.sinks.get(0).publish(OutTest.prediction("milling", sequence));
      }
      Path file = folder.resolve("predictions/milling.jsonl");
      Until.holds("two lines", () -> Files.exists(file) && Files.readAllLines(file).size() == 2);
      JsonMapper json = new JsonMapper();
      assertEquals("P-1", json.readTree(Files.readAllLines(file).get(0)).path("serial").asText());
      assertEquals("P-2", json.readTree(Files.readAllLines(file).get(1)).path("serial").asText());
    }
  }
}
