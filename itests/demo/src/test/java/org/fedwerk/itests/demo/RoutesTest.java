// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.fedwerk.itests.harness.Folders;
import org.fedwerk.itests.harness.KarafInstance;
import org.fedwerk.itests.harness.Ports;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Every documented route, in the packaged distribution: a coordinator and a site that share nothing
 * but a folder. The site has no machine and no broker: its samples and labels come as CSV files,
 * its predictions and the coordinator's rounds go into files, and the federation's messages are
 * files too. The tests build on each other.
 */
@Order(0)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RoutesTest {
  private static final Duration LONG = Duration.ofMinutes(4);
  private static final String TASK = "milling-quality";
  private static final Instant MORNING = Instant.parse("2026-01-05T06:00:00Z");
  private static final int PART_SECONDS = 10;
  private static final int LEARNED = 300;
  private static final JsonMapper JSON = new JsonMapper();

  private static Path folder;
  private static KarafInstance coordinator;
  private static KarafInstance site;

  @BeforeAll
  static void aFolderIsAllThatTheyShare() throws Exception {
    folder = Path.of(System.getProperty("fedwerk.itest.folder")).toAbsolutePath().resolve("routes");
    Folders.delete(folder);
    Path home = Path.of(System.getProperty("fedwerk.home"));
    String cache = Objects.requireNonNull(System.getenv("DJL_CACHE_DIR"));
    coordinator =
        new KarafInstance(
            home,
            folder.resolve("hq"),
            List.of("fedwerk-coordinator", "fedwerk-routes"),
            "192m",
            Map.of());
    site =
        new KarafInstance(
            home,
            folder.resolve("plant-c"),
            List.of("fedwerk-site", "fedwerk-engine-pytorch", "fedwerk-routes"),
            "320m",
            Map.of("DJL_CACHE_DIR", cache));
    coordinator.configure(
        "org.fedwerk.identity.authority",
        Map.of(
            "federation", "pumps",
            "coordinator", "hq",
            "enrolment.port", Integer.toString(Ports.free())));
    site.configure("org.fedwerk.identity.site", Map.of("folder", "${karaf.data}/fedwerk/identity"));
    for (KarafInstance each : List.of(coordinator, site)) {
      each.configure("org.fedwerk.link", Map.of("carrier", "routes", "round.trip.seconds", "10"));
      each.configure(
          "org.fedwerk.routes",
          Map.of(
              "property.exchange", folder.resolve("exchange").toString(),
              "property.self", each.name(),
              "property.samples", folder.resolve("samples").toString(),
              "property.labels", folder.resolve("labels").toString(),
              "property.predictions", folder.resolve("predictions").toString(),
              "property.rounds", folder.resolve("rounds").toString()));
    }
    deploy(coordinator, "air-gap.camel.xml");
    deploy(coordinator, "rounds-file.camel.yaml");
    coordinator.start();
    site.start();
    coordinator.awaitBooted(LONG);
    site.awaitBooted(LONG);
  }

  @AfterAll
  static void stop() {
    site.close();
    coordinator.close();
  }

  /** Drops a documented route into a running Karaf, as an integrator does. */
  private static void deploy(KarafInstance karaf, String file) throws IOException {
    Files.copy(
        Path.of(System.getProperty("fedwerk.examples"), "routes", file),
        karaf.base().resolve("deploy").resolve(file));
  }

  private static void runs(KarafInstance karaf, String file) throws Exception {
    status(karaf, file, "READY", "route(s) run");
  }

  private static void status(KarafInstance karaf, String file, String state, String detail)
      throws Exception {
    karaf.await(
        "status " + state + " of " + file,
        LONG,
        each -> {
          JsonNode line = Told.status(each.json("fedwerk:status"), "routes " + file);
          return line.path("state").asText().equals(state)
              && line.path("detail").asText().contains(detail);
        });
  }

  /** Puts a file into a folder that a route reads, whole at once. */
  private static void hand(String to, String name, String text) throws IOException {
    Path target = Files.createDirectories(folder.resolve(to));
    Path part = Files.writeString(folder.resolve(name + ".part"), text);
    Files.move(part, target.resolve(name), StandardCopyOption.ATOMIC_MOVE);
  }

  /** Parts in a row; every third has a high torque and fails. One more serial ends the last. */
  private static String samples(int from, int to) {
    StringBuilder csv =
        new StringBuilder(
            "time,serial,air-temperature,process-temperature,rotational-speed,torque,tool-wear,variant\n");
    for (int part = from; part < to; part++) {
      for (int second = 0; second < PART_SECONDS; second++) {
        csv.append(MORNING.plusSeconds((long) part * PART_SECONDS + second))
            .append(",P-")
            .append(part)
            .append(",298.1,308.6,")
            .append(1400 + part % 7)
            .append(',')
            .append(fails(part) ? 65 : 35)
            .append('.')
            .append(part % 10)
            .append(',')
            .append(part % 50)
            .append(",1\n");
      }
    }
    csv.append(MORNING.plusSeconds((long) to * PART_SECONDS))
        .append(",P-")
        .append(to)
        .append(",298.1,308.6,1400,40,1,1\n");
    return csv.toString();
  }

  private static boolean fails(int part) {
    return part % 3 == 0;
  }

  private static String labels(int from, int to) {
    StringBuilder csv = new StringBuilder("serial,code,time\n");
    for (int part = from; part < to; part++) {
      csv.append("P-")
          .append(part)
          .append(fails(part) ? ",1," : ",0,")
          .append(MORNING.plusSeconds((long) (part + 1) * PART_SECONDS + 2))
          .append('\n');
    }
    return csv.toString();
  }

  @Test
  @Order(1)
  void routesThatAreDroppedIntoDeployRunAndCarryTheLink() throws Exception {
    runs(coordinator, "air-gap.camel.xml");
    runs(coordinator, "rounds-file.camel.yaml");
    String token =
        coordinator.exec("fedwerk:enrol --new plant-c").lines().reduce((a, b) -> b).orElseThrow();
    Path request = folder.resolve("plant-c.request");
    site.exec("fedwerk:enrol --request " + request + " " + token.strip());
    coordinator.exec("fedwerk:enrol --answer " + request);
    site.exec("fedwerk:enrol --accept " + request + ".answer");
    deploy(site, "air-gap.camel.yaml");
    deploy(site, "samples-csv.camel.yaml");
    deploy(site, "samples-timer.camel.xml");
    deploy(site, "labels-csv.camel.yaml");
    deploy(site, "predictions-file.camel.xml");
    for (String file :
        List.of(
            "air-gap.camel.yaml",
            "samples-csv.camel.yaml",
            "samples-timer.camel.xml",
            "labels-csv.camel.yaml",
            "predictions-file.camel.xml")) {
      runs(site, file);
    }
    coordinator.await(
        "the site's first sealed files",
        LONG,
        each -> each.exec("fedwerk:sites").contains("plant-c"));
    assertEquals(
        "READY", Told.status(site.json("fedwerk:status"), "link routes").path("state").asText());
  }

  @Test
  @Order(2)
  void samplesAndLabelsInFilesBecomeExamplesAndAFileWithAMistakeIsPutAside() throws Exception {
    hand("samples", "1.csv", samples(0, LEARNED));
    hand("labels", "1.csv", labels(0, LEARNED));
    site.await(
        "the samples",
        LONG,
        each -> Told.signal(each, "torque").path("received").asInt() > LEARNED * PART_SECONDS);
    site.await("the timer's samples", LONG, each -> received(each, "hall-temperature") > 0);
    site.await("the labels", LONG, each -> received(each, "machine-failure") == LEARNED);
    hand("samples", "wrong.csv", "time,serial,torque\n2026-01-06T06:00:00Z,P-9,high\n");
    site.await(
        "the refused file",
        LONG,
        each -> Files.exists(folder.resolve("samples/.refused/wrong.csv")));
    assertTrue(
        site.log().contains("line 2, torque: \"high\" is no number"), "the log says what is wrong");
    assertTrue(Files.notExists(folder.resolve("samples/1.csv")), "what was taken is deleted");
  }

  private static int received(KarafInstance karaf, String signal) throws IOException {
    return Told.signal(karaf, signal).path("received").asInt();
  }

  @Test
  @Order(3)
  void aSiteWithoutAnyBrokerTakesPartInRoundsThroughAFolder() throws Exception {
    String yaml =
        Files.readString(Path.of(System.getProperty("fedwerk.examples"), "milling.yaml"))
            .replaceAll("(?m)^(  max:) .*$", "$1 2")
            .replaceAll("(?m)^(  least:) .*$", "$1 2")
            .replaceAll("(?m)^(  cohort-least:) .*$", "$1 1\n  quorum: 1")
            .replaceAll("(?m)^(  examples-least:) .*$", "$1 100")
            .replaceAll("(?m)^(  stall:) .*$", "$1 2m");
    Path task = Files.writeString(folder.resolve("task.yaml"), yaml);
    coordinator.exec("fedwerk:task-submit " + task);
    site.await("enough examples", LONG, each -> Told.task(each, TASK).path("train").asInt() >= 100);
    site.exec("fedwerk:task-approve " + TASK);
    coordinator.await("the end of the task", LONG, each -> Told.finished(each, TASK));
    Path last = folder.resolve("rounds").resolve(TASK + "-3-final.json");
    coordinator.await("the last round's file", LONG, each -> Files.exists(last));
    for (int round = 1; round <= 2; round++) {
      JsonNode told =
          JSON.readTree(
              Files.readString(
                  folder.resolve("rounds").resolve(TASK + "-" + round + "-train.json")));
      assertEquals("plant-c", told.path("cohort").get(0).asText());
      assertTrue(told.path("metrics").has("validation.balanced-accuracy"), told.toString());
    }
    assertTrue(
        Files.notExists(folder.resolve("exchange/hq/.refused")), "the coordinator refused a file");
    assertTrue(
        Files.notExists(folder.resolve("exchange/plant-c/.refused")), "the site refused a file");
  }

  @Test
  @Order(4)
  void predictionsAreLinesOfAFile() throws Exception {
    hand("samples", "2.csv", samples(LEARNED + 100, LEARNED + 110));
    Path file = folder.resolve("predictions").resolve(TASK + ".jsonl");
    site.await(
        "predictions in a file",
        LONG,
        each -> Files.exists(file) && Files.readString(file).contains("\"P-" + (LEARNED + 109)));
    String model =
        JSON.readTree(Files.readString(folder.resolve("rounds").resolve(TASK + "-3-final.json")))
            .path("model")
            .asText();
    List<String> lines = Files.readAllLines(file);
    JsonNode newest = JSON.readTree(lines.get(lines.size() - 1));
    assertEquals(TASK, newest.path("task").asText());
    assertEquals(model, newest.path("model").asText(), "the coordinator's model predicts");
    assertEquals("good", newest.path("trust").asText());
  }

  @Test
  @Order(5)
  void aBrokenFileIsOneLineWithItsPlaceAndIsPickedUpWhenItIsCorrected() throws Exception {
    Path broken = site.base().resolve("deploy/mine.camel.yaml");
    Files.writeString(
        broken,
        "- route:\n    from:\n      uri: timer:mine\n      stepps:\n        - to: log:mine\n");
    status(site, "mine.camel.yaml", "DOWN", "line 5: Unsupported field: stepps");
    runs(site, "air-gap.camel.yaml");
    List<String> lines =
        site.log()
            .lines()
            .filter(
                line ->
                    line.contains("mine.camel.yaml") && line.matches(".*\\| (WARN |ERROR) \\|.*"))
            .toList();
    assertEquals(1, lines.size(), lines.toString());
    assertTrue(lines.get(0).contains("line 5: Unsupported field: stepps"), lines.get(0));
    Files.writeString(
        broken,
        "- route:\n    from:\n      uri: timer:mine\n      steps:\n        - to: log:mine\n");
    runs(site, "mine.camel.yaml");
    Files.delete(broken);
    site.await(
        "no line of the file",
        LONG,
        each -> Told.status(each.json("fedwerk:status"), "routes mine.camel.yaml").isMissingNode());
    assertEquals("", Told.stackTrace(site.log()));
    assertEquals("", Told.stackTrace(coordinator.log()));
  }
}
