// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
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
import java.util.Random;
import javax.imageio.ImageIO;
import org.fedwerk.itests.harness.Folders;
import org.fedwerk.itests.harness.KarafInstance;
import org.fedwerk.itests.harness.Ports;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Pictures of plates and a list of which are scratched, from files to predictions. */
@Order(1)
class ImageLearningTest {
  private static final Duration LONG = Duration.ofMinutes(4);
  private static final String TASK = "plate-scratch";
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
  void platesAreLearnedFromPicturesAndJudgedByThem() throws Exception {
    folder = Path.of(System.getProperty("fedwerk.itest.folder")).toAbsolutePath().resolve("plates");
    Folders.delete(folder);
    Files.createDirectories(folder.resolve("pictures"));
    Files.createDirectories(folder.resolve("labels"));
    Path home = Path.of(System.getProperty("fedwerk.home"));
    String cache = Objects.requireNonNull(System.getenv("DJL_CACHE_DIR"));
    String port = Integer.toString(Ports.free());
    try (KarafInstance coordinator =
            new KarafInstance(
                home, folder.resolve("hq"), List.of("fedwerk-coordinator"), "192m", Map.of());
        KarafInstance site =
            new KarafInstance(
                home,
                folder.resolve("site"),
                List.of("fedwerk-site", "fedwerk-engine-pytorch", "fedwerk-routes"),
                "384m",
                Map.of("DJL_CACHE_DIR", cache))) {
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
      site.configure(
          "org.fedwerk.identity.site", Map.of("folder", "${karaf.data}/fedwerk/identity"));
      site.configure(
          "org.fedwerk.signal.folder-cam",
          Map.of("folder", folder.resolve("pictures").toString(), "every", "200", "settle", "1"));
      site.configure(
          "org.fedwerk.routes", Map.of("property.labels", folder.resolve("labels").toString()));
      coordinator.start();
      site.start();
      coordinator.awaitBooted(LONG);
      site.awaitBooted(LONG);
      Files.writeString(site.base().resolve("deploy/labels.camel.yaml"), LABELS);
      learn(coordinator, site);
      judge(site);
      assertEquals("", Told.stackTrace(site.log()));
      assertEquals("", Told.stackTrace(coordinator.log()));
    }
  }

  private static void learn(KarafInstance coordinator, KarafInstance site) throws Exception {
    String token =
        coordinator.exec("fedwerk:enrol --new plant").lines().reduce((a, b) -> b).orElseThrow();
    site.exec("fedwerk:enrol " + token.strip());
    StringBuilder csv = new StringBuilder("serial,code,time\n");
    for (int plate = 0; plate < PLATES; plate++) {
      picture(plate);
      csv.append("P-").append(plate).append(scratched(plate) ? ",1," : ",0,");
      csv.append(Instant.now()).append('\n');
    }
    site.await("the plates", LONG, each -> stored(each) == PLATES);
    hand("labels", "inspection.csv", csv.toString().getBytes(StandardCharsets.UTF_8));
    Path documented = Path.of(System.getProperty("fedwerk.examples"), "plates.yaml");
    String yaml =
        Files.readString(documented)
            .replaceAll("(?m)^(  max:) .*$", "$1 6")
            .replaceAll("(?m)^(  least:) .*$", "$1 6")
            .replaceAll("(?m)^(  cohort-least:) .*$", "$1 1\n  quorum: 1")
            .replaceAll("(?m)^(  examples-least:) .*$", "$1 60");
    coordinator.exec("fedwerk:task-submit " + Files.writeString(folder.resolve("task.yaml"), yaml));
    site.await("enough examples", LONG, each -> Told.task(each, TASK).path("train").asInt() >= 60);
    site.exec("fedwerk:task-approve " + TASK);
    coordinator.await("the end of the task", LONG, each -> Told.finished(each, TASK));
    JsonNode rounds = coordinator.json("fedwerk:rounds " + TASK);
    JsonNode values = rounds.get(rounds.size() - 1).path("values");
    assertTrue(values.path("test.balanced-accuracy").asDouble() >= 0.85, values.toString());
  }

  /** A plate that comes after training is judged by its picture. */
  private static void judge(KarafInstance site) throws Exception {
    int before = Told.task(site, TASK).path("predictions").asInt();
    picture(PLATES);
    site.await("the new plate", LONG, each -> stored(each) == PLATES + 1);
    site.await(
        "its prediction",
        LONG,
        each -> Told.task(each, TASK).path("predictions").asInt() == before + 1);
  }

  private static int stored(KarafInstance site) throws IOException {
    return site.json("fedwerk:parts").path(0).path("stored").asInt();
  }

  private static boolean scratched(int plate) {
    return plate % 3 == 0;
  }

  /** A grey plate as a camera in colour sees it, larger than the model does. */
  private static void picture(int plate) throws IOException {
    Random random = new Random(plate);
    BufferedImage image = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
    for (int at = 0; at < 64 * 64; at++) {
      int grey = 90 + random.nextInt(30);
      image.setRGB(at % 64, at / 64, new Color(grey, grey, grey + 10).getRGB());
    }
    if (scratched(plate)) {
      Graphics2D scratch = image.createGraphics();
      scratch.setColor(Color.WHITE);
      scratch.setStroke(new BasicStroke(3));
      scratch.drawLine(random.nextInt(64), 0, random.nextInt(64), 63);
      scratch.dispose();
    }
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    assertTrue(ImageIO.write(image, "png", png));
    hand("pictures", "P-" + plate + ".png", png.toByteArray());
  }

  /** Puts a file into a folder that is watched, whole at once. */
  private static void hand(String to, String name, byte[] bytes) throws IOException {
    Path part = Files.write(folder.resolve(name + ".part"), bytes);
    Files.move(part, folder.resolve(to).resolve(name), StandardCopyOption.ATOMIC_MOVE);
  }
}
