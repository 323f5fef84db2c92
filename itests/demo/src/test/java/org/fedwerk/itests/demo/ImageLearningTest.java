// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.eclipse.milo.opcua.stack.core.UaException;
import org.fedwerk.itests.harness.Folders;
import org.fedwerk.itests.harness.KarafInstance;
import org.fedwerk.itests.harness.Ports;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * Pictures of plates and a list of which are scratched, from files, an MQTT topic and an OPC UA
 * variable to predictions. The camera moves from one to the next, as its signal's name stays.
 */
@Order(1)
class ImageLearningTest {
  private static final Duration LONG = Duration.ofMinutes(4);
  private static final String TASK = "plate-scratch";
  private static final String FOLDER_PID = "org.fedwerk.signal.folder-cam";
  private static final String NO_IMAGE = "the image is no PNG and no JPEG image";
  private static final byte[] NO_PICTURE = "no picture".getBytes(StandardCharsets.UTF_8);

  /** Plates before the first one that comes otherwise than before. */
  private static final int BY_FOLDER = 70;

  private static final int BY_TOPIC = 110;
  private static final int PLATES = 150;
  private static final String LABELS =
      """
      - route:
          from:
            uri: "file:{{labels}}?include=.*.csv&delay=500&delete=true"
            steps:
              - to: "fedwerk:labels?source=inspection&format=csv&label=surface&codes=RAW(0=clean, 1=scratched)"
      """;

  private static Path folder;

  @Test
  void platesAreLearnedFromPicturesOfThreeKindsOfSourceAndJudgedByThem() throws Exception {
    folder = Path.of(System.getProperty("fedwerk.itest.folder")).toAbsolutePath().resolve("plates");
    Folders.delete(folder);
    Files.createDirectories(folder.resolve("pictures"));
    Files.createDirectories(folder.resolve("labels"));
    Path home = Path.of(System.getProperty("fedwerk.home"));
    String cache = Objects.requireNonNull(System.getenv("DJL_CACHE_DIR"));
    try (KarafInstance coordinator =
            new KarafInstance(
                home, folder.resolve("hq"), List.of("fedwerk-coordinator"), "256m", Map.of());
        KarafInstance site =
            new KarafInstance(
                home,
                folder.resolve("site"),
                List.of("fedwerk-site", "fedwerk-engine-pytorch", "fedwerk-routes"),
                "384m",
                Map.of("DJL_CACHE_DIR", cache));
        PlateLine line = new PlateLine(site, folder.resolve("line"))) {
      configure(coordinator, site);
      line.configureBroker(coordinator);
      coordinator.start();
      site.start();
      coordinator.awaitBooted(LONG);
      site.awaitBooted(LONG);
      Files.writeString(site.base().resolve("deploy/labels.camel.yaml"), LABELS);
      enrol(coordinator, site);
      takeFromTheFolder(site);
      line.watch(false);
      line.make(BY_FOLDER, BY_TOPIC);
      line.watch(true);
      line.make(BY_TOPIC, PLATES);
      learn(coordinator, site);
      judge(site, line);
      assertEquals("", Told.stackTrace(site.log()));
      assertEquals("", Told.stackTrace(coordinator.log()));
    }
  }

  private static void configure(KarafInstance coordinator, KarafInstance site) throws IOException {
    String port = Integer.toString(Ports.free());
    coordinator.configure(
        "org.fedwerk.identity.authority",
        Map.of(
            "federation",
            "plates",
            "coordinator",
            "hq",
            "enrolment.port",
            Integer.toString(Ports.free()),
            "broker.port",
            port));
    coordinator.configure(
        "org.fedwerk.broker-federation", Map.of("auth", "federation", "port", port));
    site.configure("org.fedwerk.identity.site", Map.of("folder", "${karaf.data}/fedwerk/identity"));
    site.configure(
        FOLDER_PID,
        Map.of("folder", folder.resolve("pictures").toString(), "every", "200", "settle", "1"));
    site.configure(
        "org.fedwerk.routes", Map.of("property.labels", folder.resolve("labels").toString()));
  }

  private static void enrol(KarafInstance coordinator, KarafInstance site) throws IOException {
    String token =
        coordinator.exec("fedwerk:enrol --new plant").lines().reduce((a, b) -> b).orElseThrow();
    site.exec("fedwerk:enrol " + token.strip());
  }

  private static void takeFromTheFolder(KarafInstance site) throws Exception {
    StringBuilder csv = new StringBuilder("serial,code,time\n");
    for (int plate = 0; plate < BY_FOLDER; plate++) {
      String serial = Plates.serial(plate);
      hand("pictures", serial + ".png", Plates.picture(plate, "png", 1));
      csv.append(serial).append(Plates.isScratched(plate) ? ",1," : ",0,");
      csv.append(Instant.now()).append('\n');
    }
    site.await("the plates of the folder", LONG, each -> PlateLine.stored(each) == BY_FOLDER);
    hand("labels", "inspection.csv", csv.toString().getBytes(StandardCharsets.UTF_8));
    site.unconfigure(FOLDER_PID);
  }

  private static void learn(KarafInstance coordinator, KarafInstance site) throws Exception {
    Path documented = Path.of(System.getProperty("fedwerk.examples"), "plates.yaml");
    String yaml =
        Files.readString(documented)
            .replaceAll("(?m)^(  max:) .*$", "$1 6")
            .replaceAll("(?m)^(  least:) .*$", "$1 6")
            .replaceAll("(?m)^(  cohort-least:) .*$", "$1 1\n  quorum: 1")
            .replaceAll("(?m)^(  examples-least:) .*$", "$1 60");
    coordinator.exec("fedwerk:task-submit " + Files.writeString(folder.resolve("task.yaml"), yaml));
    // By blocks of 20 the roles of 150 parts give so many for training.
    site.await("every example", LONG, each -> Told.task(each, TASK).path("train").asInt() == 100);
    site.exec("fedwerk:task-approve " + TASK);
    coordinator.await("the end of the task", LONG, each -> Told.finished(each, TASK));
    JsonNode rounds = coordinator.json("fedwerk:rounds " + TASK);
    JsonNode values = rounds.get(rounds.size() - 1).path("values");
    assertTrue(values.path("test.balanced-accuracy").asDouble() >= 0.85, values.toString());
    List<String> used =
        site.json("fedwerk:parts --used " + TASK + " --request train").findValuesAsText("serial");
    for (int plate : List.of(0, BY_FOLDER, PLATES - 30)) {
      assertTrue(used.contains(Plates.serial(plate)), plate + " of " + used);
    }
  }

  /** Plates that come after training are judged by their pictures, and one without is told of. */
  private static void judge(KarafInstance site, PlateLine line) throws Exception {
    line.serveScada();
    try (PredictionReader scada = scada(site, line)) {
      line.pass("P-none", machine -> machine.picture(NO_PICTURE, line.time()));
      line.pass(
          Plates.serial(PLATES),
          machine -> machine.picture(Plates.picture(PLATES, "jpg", 10), line.time()));
      awaitPrediction(site, scada, PLATES);
      assertRefused(site, "machine", "P-none");

      line.watch(false);
      line.pass("P-neither", machine -> line.publish(NO_PICTURE));
      line.pass(
          Plates.serial(PLATES + 1), machine -> line.publish(Plates.picture(PLATES + 1, "png", 4)));
      awaitPrediction(site, scada, PLATES + 1);
      assertRefused(site, "quality", "P-neither");
    }
  }

  private static PredictionReader scada(KarafInstance site, PlateLine line) throws Exception {
    PredictionReader[] reader = {null};
    site.await(
        "a session of the SCADA client",
        LONG,
        each -> {
          try {
            reader[0] = line.scada(TASK, folder.resolve("scada"));
            return true;
          } catch (UaException refused) {
            DemoFederation.trustAll(each);
            return false;
          }
        });
    return reader[0];
  }

  private static void awaitPrediction(KarafInstance site, PredictionReader scada, int plate)
      throws Exception {
    String[] last = {""};
    try {
      site.await(
          "a prediction of plate " + plate,
          LONG,
          each -> {
            try {
              last[0] = scada.read().text();
            } catch (UaException failed) {
              throw new IOException(failed);
            }
            return last[0].matches(
                "part " + Plates.serial(plate) + ": (clean|scratched) \\(.*, Good");
          });
    } catch (IOException none) {
      throw new IOException(none.getMessage() + "; SCADA sees " + last[0], none);
    }
  }

  private static void assertRefused(KarafInstance site, String source, String serial)
      throws IOException {
    JsonNode reading = PlateLine.camera(site, source);
    assertEquals(1, reading.path("refused").asInt(), reading.toString());
    String status = site.exec("fedwerk:status");
    assertTrue(status.contains(" refused, see fedwerk:signals"), status);
    String log = site.log();
    assertTrue(
        log.lines()
            .anyMatch(
                each ->
                    each.contains(source + ": ")
                        && each.contains(" camera was refused (" + NO_IMAGE + "); correct ")),
        log);
    String parts = site.exec("fedwerk:parts");
    assertTrue(
        parts
            .lines()
            .anyMatch(
                each -> each.contains(serial) && each.contains("no image of signal camera came")),
        parts);
  }

  /** Puts a file into a folder that is watched, whole at once. */
  private static void hand(String to, String name, byte[] bytes) throws IOException {
    Path part = Files.write(folder.resolve(name + ".part"), bytes);
    Files.move(part, folder.resolve(to).resolve(name), StandardCopyOption.ATOMIC_MOVE);
  }
}
