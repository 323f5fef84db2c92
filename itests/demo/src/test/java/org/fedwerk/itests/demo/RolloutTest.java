// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.fedwerk.itests.demo.SharedFederation.Started;
import org.fedwerk.itests.harness.KarafInstance;
import org.fedwerk.itests.harness.KarafShell;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Versions that persons let out: who may, in which waves they go, what holds at a site, and that no
 * part is without a prediction meanwhile. The tests build on each other.
 */
@Order(5)
@ExtendWith(SharedFederation.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RolloutTest {
  private static final Duration LONG = Duration.ofMinutes(2);
  private static final Duration COMMAND = Duration.ofSeconds(60);
  private static final String TASK = "released";
  private static final String CANARY = "plant-a";
  private static final String SECOND = "plant-b";
  private static final String LAST = "plant-c";
  private static final String RELEASE = "release-engineer";

  private static Started started;
  private static KarafShell watcher;
  private static KarafShell releaser;
  private static final Map<String, Predictor> PREDICTORS = new LinkedHashMap<>();

  @BeforeAll
  static void aTaskThatPromotesByPerson(Started shared) throws Exception {
    started = shared;
    watcher = coordinator().user("watcher", List.of("viewer", "ssh"));
    releaser = coordinator().user(RELEASE, List.of("manager", "viewer", "ssh"));
    for (Map.Entry<String, KarafInstance> site : started.federation().sites().entrySet()) {
      Scrape numbers = Scrape.served(site.getValue(), "rollout");
      PREDICTORS.put(site.getKey(), new Predictor(site.getValue(), numbers, TASK));
    }
    String yaml =
        Files.readString(started.demo().file())
            .replaceAll("(?m)^task: .*$", "task: " + TASK)
            .replaceAll("(?m)^(  max:) .*$", "$1 2")
            .replaceAll("(?m)^(  least:) .*$", "$1 2");
    coordinator()
        .exec(
            "fedwerk:task-submit "
                + started.written(
                    "released.yaml",
                    yaml
                        + """

                        promotion: {by: person}
                        rollout:
                          canary: [plant-a]
                          waves: [0.6]
                          gate: {predictions: 4}
                        """));
    for (KarafInstance site : started.federation().sites().values()) {
      site.await("the task", LONG, each -> Told.task(each, TASK).path("train").asInt() >= 100);
      site.exec("fedwerk:task-approve " + TASK);
    }
  }

  @AfterAll
  static void thePlantsGoOn() throws Exception {
    watcher.close();
    releaser.close();
    started.federation().plants().exec("plant:trickle on");
  }

  private static KarafInstance coordinator() {
    return started.coordinator();
  }

  private static Predictor predictor(String site) {
    return Objects.requireNonNull(PREDICTORS.get(site));
  }

  /** The states of versions 1 and 2. */
  private static List<String> states() throws IOException {
    List<String> states = new ArrayList<>();
    for (JsonNode version : coordinator().json("fedwerk:models " + TASK)) {
      if (version.path("version").asInt() > 0) {
        states.add(version.path("state").asText());
      }
    }
    return states;
  }

  private static String digest(int version) throws IOException {
    return coordinator()
        .json("fedwerk:model-show " + TASK + " " + version)
        .get(0)
        .path("model")
        .asText();
  }

  /** What a site stands at, as the coordinator tells. */
  private static JsonNode stand(String site) throws IOException {
    for (JsonNode row : coordinator().json("fedwerk:rollout " + TASK)) {
      if (row.path("site").asText().equals(site)) {
        return row;
      }
    }
    throw new IOException("fedwerk:rollout names no " + site);
  }

  private static String deployed(String site) throws IOException {
    return Told.task(started.site(site), TASK).path("deployed").asText();
  }

  private static void allowed(String command) throws IOException {
    KarafShell.Output output = releaser.run(command, COMMAND);
    assertEquals(0, output.exit(), output.text());
  }

  private static void refused(String command) throws IOException {
    KarafShell.Output output = watcher.run(command, COMMAND);
    assertNotEquals(0, output.exit(), command + ": " + output.text());
    assertTrue(
        output
            .text()
            .matches("(?s)(Command not found: |Error executing command: Insufficient cred).*"),
        output.text());
  }

  @Test
  @Order(1)
  void aTrainedVersionIsACandidateAndRunsNowhere() throws Exception {
    coordinator().await("the end of the task", LONG, each -> Told.finished(each, TASK));
    assertEquals(List.of("candidate", "candidate"), states());
    for (KarafInstance site : started.federation().sites().values()) {
      assertFalse(Told.task(site, TASK).hasNonNull("deployed"), site.name());
    }
    JsonNode shown = coordinator().json("fedwerk:model-show " + TASK + " 1").get(0);
    assertTrue(shown.path("card").asText().contains("Process engineering"), shown.toString());
    assertEquals(3, shown.path("weights").size(), shown.toString());
  }

  @Test
  @Order(2)
  void whoLacksTheRightLooksAndDecidesNothing() throws Exception {
    started.federation().plants().exec("plant:trickle off");
    refused("fedwerk:model-approve " + TASK + " 1");
    assertEquals(List.of("candidate", "candidate"), states());
    allowed("fedwerk:model-approve " + TASK + " 1");
    assertEquals(List.of("approved", "candidate"), states());
    refused("fedwerk:model-promote " + TASK + " 1");
    refused("fedwerk:model-retire " + TASK + " 1");
    assertEquals(List.of("approved", "candidate"), states());
    KarafShell.Output looked = watcher.run("fedwerk:models " + TASK, COMMAND);
    assertEquals(0, looked.exit(), looked.text());
    assertTrue(looked.text().contains(RELEASE), looked.text());
  }

  @Test
  @Order(3)
  void aPromotedVersionGoesToTheCanaryAndNoFurtherBeforeItsGate() throws Exception {
    allowed("fedwerk:model-promote " + TASK + " 1");
    String first = digest(1);
    started.site(CANARY).await("version 1", LONG, each -> deployed(CANARY).equals(first));
    coordinator()
        .await("word of the canary", LONG, each -> stand(CANARY).path("running").asInt() == 1);
    JsonNode canary = stand(CANARY);
    assertEquals(1, canary.path("wave of the rollout").asInt(), canary.toString());
    assertEquals(3, canary.path("waves").asInt(), canary.toString());
    assertTrue(
        canary.path("gate waits for").asText().contains("of 4 predictions"), canary.toString());
    assertFalse(Told.task(started.site(SECOND), TASK).hasNonNull("deployed"));
    refused("fedwerk:rollout --pass " + TASK);
    refused("fedwerk:rollout --back " + TASK);
    assertEquals(0, watcher.run("fedwerk:rollout " + TASK, COMMAND).exit());
    assertEquals(1, stand(CANARY).path("wave of the rollout").asInt());
    allowed("fedwerk:rollout --pass --reason \"looked at by hand\" " + TASK);
    started.site(SECOND).await("version 1", LONG, each -> deployed(SECOND).equals(first));
    assertFalse(Told.task(started.site(LAST), TASK).hasNonNull("deployed"));
    started.federation().plants().exec("plant:trickle on");
    started.site(LAST).await("version 1", LONG, each -> deployed(LAST).equals(first));
    coordinator()
        .await(
            "the end of the rollout",
            LONG,
            each -> states().equals(List.of("active", "candidate")));
  }

  @Test
  @Order(4)
  void theNextVersionPassesItsGatesByWhatSitesReportAndNoPartIsWithoutPrediction()
      throws Exception {
    for (Predictor each : PREDICTORS.values()) {
      each.rest(started);
    }
    Map<String, Double> open = new LinkedHashMap<>();
    for (Map.Entry<String, Predictor> each : PREDICTORS.entrySet()) {
      open.put(each.getKey(), each.getValue().parts() - each.getValue().predictions());
    }
    JsonNode pinned = started.site(SECOND).json("fedwerk:model-pin " + TASK).get(0);
    assertEquals("active, pinned", pinned.path("state").asText());
    started.federation().plants().exec("plant:trickle on");
    allowed("fedwerk:model-approve " + TASK + " 2");
    allowed("fedwerk:model-promote " + TASK + " 2");
    String second = digest(2);
    started.site(CANARY).await("version 2", LONG, each -> deployed(CANARY).equals(second));
    coordinator()
        .await(
            "a wave of one site, which is held",
            LONG,
            each ->
                stand(SECOND)
                    .path("gate waits for")
                    .asText()
                    .contains("every site of this wave is held by its owner"));
    assertEquals(2, stand(SECOND).path("wave of the rollout").asInt());
    allowed("fedwerk:rollout --pass " + TASK);
    started.site(LAST).await("version 2", LONG, each -> deployed(LAST).equals(second));
    coordinator()
        .await(
            "the end of the rollout", LONG, each -> states().equals(List.of("retired", "active")));
    assertEquals(digest(1), deployed(SECOND), "its owner holds the version before");
    assertTrue(stand(SECOND).path("held").asBoolean(), stand(SECOND).toString());
    started.site(SECOND).exec("fedwerk:model-pin --off " + TASK);
    started.site(SECOND).await("version 2", LONG, each -> deployed(SECOND).equals(second));
    for (Map.Entry<String, Predictor> each : PREDICTORS.entrySet()) {
      Predictor predictor = each.getValue();
      predictor.rest(started);
      assertEquals(
          open.get(each.getKey()),
          predictor.parts() - predictor.predictions(),
          each.getKey() + " predicted each part once");
    }
    started.federation().plants().exec("plant:trickle on");
  }

  @Test
  @Order(5)
  void aSiteGoesBackByItselfAndThePersonAtTheCoordinatorForAll() throws Exception {
    String first = digest(1);
    JsonNode back = started.site(LAST).json("fedwerk:model-rollback " + TASK).get(0);
    assertEquals("active, pinned", back.path("state").asText());
    assertEquals(first, back.path("digest").asText());
    coordinator().await("word of it", LONG, each -> stand(LAST).path("held").asBoolean());
    assertEquals(1, stand(LAST).path("running").asInt());
    allowed("fedwerk:rollout --back --reason \"too many alarms\" " + TASK);
    for (String site : List.of(CANARY, SECOND)) {
      started.site(site).await("version 1", LONG, each -> deployed(site).equals(first));
    }
    assertEquals(List.of("active", "retired"), states());
    JsonNode changes =
        coordinator().json("fedwerk:model-show " + TASK + " 2").get(0).path("changes");
    JsonNode taken = changes.get(changes.size() - 1);
    assertEquals(RELEASE, taken.path("by").asText(), changes.toString());
    assertTrue(taken.path("why").asText().contains("too many alarms"), changes.toString());
    double before = predictor(CANARY).predictions();
    started
        .site(CANARY)
        .await("predictions", LONG, each -> predictor(CANARY).predictions() >= before + 3);
    started.site(LAST).exec("fedwerk:model-pin --off " + TASK);
  }
}
