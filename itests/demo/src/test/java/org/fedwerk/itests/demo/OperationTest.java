// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.fedwerk.itests.demo.SharedFederation.Started;
import org.fedwerk.itests.harness.KarafInstance;
import org.fedwerk.itests.harness.KarafJmx;
import org.fedwerk.itests.harness.KarafShell;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What persons and their tools do with a running federation: orders to a task, metrics, health, a
 * dump, going back to the model before, deleting data. The tests build on each other.
 */
@Order(4)
@ExtendWith(SharedFederation.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class OperationTest {
  private static final Duration LONG = Duration.ofMinutes(4);
  private static final String TASK = "operated";
  private static final String SITE = "plant-c";
  private static final String SECRET = "kept-from-every-dump";
  private static final int ROUNDS = 24;

  private static Started started;
  private static Scrape atSite;
  private static Scrape atCoordinator;
  private static Predictor predictor;
  private static FileTime configured;

  @BeforeAll
  static void metricsAreServed(Started shared) throws Exception {
    started = shared;
    atSite = Scrape.served(started.site(SITE), SECRET);
    predictor = new Predictor(site(), atSite, TASK);
    atCoordinator = Scrape.served(started.coordinator(), SECRET);
    configured = Files.getLastModifiedTime(settings());
  }

  private static Path settings() {
    return coordinator().base().resolve("etc/org.fedwerk.metrics.cfg");
  }

  private static KarafInstance coordinator() {
    return started.coordinator();
  }

  private static KarafInstance site() {
    return started.site(SITE);
  }

  private static JsonNode row() throws IOException {
    for (JsonNode each : coordinator().json("fedwerk:rounds")) {
      if (each.path("task").asText().equals(TASK)) {
        return each;
      }
    }
    throw new IOException("the coordinator does not know " + TASK);
  }

  private static String state() throws IOException {
    return row().path("state").asText();
  }

  private static int committed() throws IOException {
    return coordinator().json("fedwerk:rounds " + TASK).size();
  }

  @Test
  @Order(1)
  void aPausedTaskRestsThroughAKillAndGoesOnWhenItIsResumed() throws Exception {
    String yaml =
        Files.readString(started.demo().file())
            .replaceAll("(?m)^task: .*$", "task: " + TASK)
            .replaceAll("(?m)^(  max:) .*$", "$1 " + ROUNDS)
            .replaceAll("(?m)^(  least:) .*$", "$1 " + ROUNDS);
    coordinator().exec("fedwerk:task-submit " + started.written("operated.yaml", yaml));
    for (KarafInstance site : started.federation().sites().values()) {
      site.await(
          "enough examples", LONG, each -> Told.task(each, TASK).path("train").asInt() >= 100);
      site.exec("fedwerk:task-approve " + TASK);
    }
    coordinator().await("two rounds", LONG, each -> committed() >= 2);
    coordinator().exec("fedwerk:task-pause " + TASK);
    assertEquals("paused", state());
    KarafShell.Output again = coordinator().run("fedwerk:task-pause " + TASK);
    assertNotEquals(0, again.exit());
    assertTrue(again.text().contains("is paused already"), again.text());
    site()
        .await(
            "the note of the pause",
            LONG,
            each -> Told.task(each, TASK).path("reason").asText().contains("paused"));
    int rested = committed();
    coordinator().kill();
    coordinator().start();
    coordinator().awaitBooted(LONG);
    coordinator().awaitReady(LONG);
    assertEquals("paused", state());
    assertEquals(rested, committed());
    coordinator().exec("fedwerk:task-resume " + TASK);
    coordinator().await("the next round", LONG, each -> committed() > rested);
  }

  @Test
  @Order(2)
  void anAbortedTaskIsToldWithItsReasonAndARetryBringsItToItsEnd() throws Exception {
    coordinator().exec("fedwerk:task-abort --reason \"labels of week 3 were wrong\" " + TASK);
    assertEquals("aborted", state());
    site()
        .await(
            "the reason at the site",
            LONG,
            each -> Told.task(each, TASK).path("reason").asText().contains("labels of week 3"));
    int kept = committed();
    assertTrue(kept < ROUNDS, "the task had ended before it was aborted");
    coordinator().exec("fedwerk:task-retry " + TASK);
    coordinator().await("the end of the task", LONG, each -> Told.finished(each, TASK));
    JsonNode rounds = coordinator().json("fedwerk:rounds " + TASK);
    assertEquals(ROUNDS + 1, rounds.size());
    assertEquals(
        List.of("paused", "resumed", "aborted", "tried again"),
        rounds.findValuesAsText("what"),
        "what persons ordered is in the history");
    JsonNode last = rounds.get(rounds.size() - 1);
    site()
        .await(
            "the final model",
            LONG,
            each ->
                Told.task(each, TASK)
                    .path("deployed")
                    .asText()
                    .equals(last.path("model").asText()));
  }

  @Test
  @Order(3)
  void metricsAndHealthAreReadByPrometheusAndJmx() throws Exception {
    site().await("a prediction", LONG, each -> predictor.predictions() > 0);
    assertTrue(atSite.value("fedwerk_samples_received_total{") > 0);
    assertEquals(1, atSite.value("fedwerk_link_up"));
    assertEquals(3, atCoordinator.value("fedwerk_sites_heard"));
    assertEquals(
        ROUNDS + 1, atCoordinator.value("fedwerk_rounds_committed_total{task=\"" + TASK + "\""));
    double shares = 0;
    for (String each : started.federation().sites().keySet()) {
      shares +=
          atCoordinator.value("fedwerk_contribution{site=\"" + each + "\",task=\"" + TASK + "\"");
    }
    assertEquals(1.0, shares, 1e-9);
    assertEquals(200, atSite.get("/health/ready").statusCode());
    assertEquals(
        401, new Scrape(atSite.port(), "prometheus", "guessed").get("/metrics").statusCode());
    try (KarafJmx jmx = site().jmx()) {
      Map<String, String> values = new TreeMap<>(jmx.attributes("org.fedwerk", "Value"));
      assertEquals("1.0", values.get("fedwerkLinkUp"), values.keySet().toString());
    }
  }

  @Test
  @Order(4)
  void whatWasReadFromEtcIsNotWrittenBack() throws Exception {
    assertEquals(200, atCoordinator.get("/health/live").statusCode());
    assertEquals(configured, Files.getLastModifiedTime(settings()));
  }

  @Test
  @Order(5)
  void aDumpTellsHowTheProcessIsAndNoSecret() throws Exception {
    Path dump = started.fresh("operation-dump.zip");
    coordinator().exec("dev:dump-create --no-heap-dump " + dump);
    Map<String, String> ours = new TreeMap<>();
    try (ZipFile zip = new ZipFile(dump.toFile())) {
      for (ZipEntry each : java.util.Collections.list(zip.entries())) {
        String text =
            new String(zip.getInputStream(each).readAllBytes(), StandardCharsets.ISO_8859_1);
        assertFalse(text.contains(SECRET), each.getName());
        if (each.getName().contains("fedwerk/")) {
          ours.put(each.getName().replaceAll(".*/", ""), text);
        }
      }
    }
    assertEquals(
        java.util.Set.of("status.txt", "measurements.txt", "configuration.txt", "versions.txt"),
        ours.keySet());
    assertTrue(String.valueOf(ours.get("status.txt")).contains("link"), ours.toString());
    assertTrue(
        String.valueOf(ours.get("measurements.txt")).contains("sites.heard"), ours.toString());
  }

  @Test
  @Order(6)
  void goingBackToTheModelBeforeMissesNoPartAndOutlivesAKill() throws Exception {
    predictor.rest(started);
    double predicted = predictor.predictions();
    double stored = predictor.parts();
    String newest = Told.task(site(), TASK).path("deployed").asText();
    started.federation().plants().exec("plant:trickle on");
    site().await("predictions", LONG, each -> predictor.predictions() >= predicted + 5);
    long ordered = System.nanoTime();
    JsonNode back = site().json("fedwerk:model-rollback " + TASK).get(0);
    System.out.printf(
        "Going back to the model before took %.0f ms, the shell's session included%n",
        (System.nanoTime() - ordered) / 1e6);
    assertEquals("active, pinned", back.path("state").asText());
    assertNotEquals(newest, back.path("digest").asText());
    double then = predictor.predictions();
    site().await("predictions", LONG, each -> predictor.predictions() >= then + 5);
    predictor.rest(started);
    assertEquals(
        predictor.parts() - stored,
        predictor.predictions() - predicted,
        "each part is predicted once");
    site().kill();
    site().start();
    site().awaitBooted(LONG);
    site()
        .await(
            "the pinned model",
            LONG,
            each ->
                Told.task(each, TASK)
                    .path("deployed")
                    .asText()
                    .equals(back.path("digest").asText()));
    assertEquals(
        "active, pinned", site().json("fedwerk:models " + TASK).get(0).path("state").asText());
    site().exec("fedwerk:model-pin --off " + TASK);
    assertTrue(site().json("fedwerk:models " + TASK).findValuesAsText("act").contains("released"));
    site()
        .await(
            "the newest model, which nobody holds back any more",
            LONG,
            each -> Told.task(each, TASK).path("deployed").asText().equals(newest));
  }

  @Test
  @Order(7)
  void aDeletedPartIsGoneAndItsUsesAreNamed() throws Exception {
    String used = "fedwerk:parts --used " + TASK + " --request train";
    String serial = site().json(used).get(0).path("serial").asText();
    JsonNode deleted = site().json("fedwerk:data-delete --serial " + serial + " --yes").get(0);
    assertEquals("deleted", deleted.path("state").asText());
    assertEquals(1, deleted.path("parts").asInt());
    assertTrue(
        deleted.path("uses").findValuesAsText("request").contains("train"), deleted.toString());
    assertFalse(site().exec(used).contains(serial));
    KarafShell.Output gone = site().run("fedwerk:data-delete --dry-run --serial " + serial);
    assertNotEquals(0, gone.exit());
    assertTrue(gone.text().contains("nothing that is kept here is meant"), gone.text());
    JsonNode early = site().json("fedwerk:data-delete --before 2026-01-01T00:01:00Z --yes").get(0);
    assertTrue(early.path("parts").asInt() > 0, early.toString());
    JsonNode all = site().json("fedwerk:data-delete --label-source quality --dry-run").get(0);
    assertTrue(all.path("parts").asInt() >= 100, all.toString());
    assertEquals(2, site().json("fedwerk:data-delete").size(), "what was deleted is on record");
    started.federation().plants().exec("plant:trickle on");
  }

  @Test
  @Order(8)
  void theSitesOwnPeopleGetItsExamplesAsAFileAndThatIsOnRecord() throws Exception {
    Path file = started.fresh("examples.csv");
    JsonNode done = site().json("fedwerk:examples-export " + TASK + " " + file).get(0);
    List<String> lines = Files.readAllLines(file);
    assertEquals(done.path("examples").asInt() + 1, lines.size());
    assertTrue(lines.get(0).startsWith("serial,role,label,label revision,air-temperature.1"));
    String serial = lines.get(1).substring(0, lines.get(1).indexOf(','));
    JsonNode uses =
        site().json("fedwerk:data-delete --dry-run --serial " + serial).get(0).path("uses");
    assertTrue(uses.findValuesAsText("request").contains("export"), uses.toString());
    KarafShell.Output again = site().run("fedwerk:examples-export " + TASK + " " + file);
    assertTrue(again.text().contains("is there already"), again.text());
  }

  /**
   * The kernel refuses every write to a file beyond the process's limit, as it would on a full
   * disk, and the shell still answers.
   */
  @Test
  @Order(9)
  void aFullDiskHoldsTheMachineBackAndNothingIsLostWhenThereIsRoomAgain() throws Exception {
    KarafInstance site = started.site("plant-a");
    assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/prlimit")),
        "prlimit, which makes the disk full for one process, is not here");
    Scrape health = Scrape.served(site, SECRET);
    site.await("health", LONG, each -> health.get("/health/ready").statusCode() == 200);
    site.limitFiles("0");
    try {
      site.await(
          "the full disk in the status",
          LONG,
          each -> each.json("fedwerk:status").toString().contains("File too large"));
      HttpResponse<String> page = health.get("/health/ready");
      assertEquals(503, page.statusCode());
      assertTrue(page.body().contains("File too large"), page.body());
      assertEquals(200, health.get("/health/live").statusCode());
    } finally {
      site.limitFiles("unlimited");
    }
    site.await("a ready status", LONG, each -> each.exec("fedwerk:status").endsWith("\nready"));
    started.federation().plants().exec("plant:trickle off");
    site.await(
        "every value",
        LONG,
        each -> Measured.received(each) == written("plant-a") && written("plant-a") > 0);
    started.federation().plants().exec("plant:trickle on");
  }

  private static long written(String plant) throws IOException {
    return Measured.plants(started.federation().plants()).stream()
        .filter(each -> each.site().equals(plant))
        .findFirst()
        .orElseThrow()
        .values();
  }
}
