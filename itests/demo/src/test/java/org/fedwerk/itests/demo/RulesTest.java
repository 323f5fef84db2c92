// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.fedwerk.itests.demo.SharedFederation.Started;
import org.fedwerk.itests.harness.KarafInstance;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What rules decide in the packaged distribution, without a person: who takes part in a round, when
 * a site works for rounds, which version goes out, and that a bad one comes back.
 */
@Order(7)
@ExtendWith(SharedFederation.class)
class RulesTest {
  private static final Duration LONG = Duration.ofMinutes(4);
  private static final String SITE = "org.fedwerk.site";

  private static Started started;

  @BeforeAll
  static void aFederation(Started shared) {
    started = shared;
  }

  private static KarafInstance coordinator() {
    return started.coordinator();
  }

  private static Map<String, KarafInstance> sites() {
    return started.federation().sites();
  }

  /**
   * Submits the shared task under another name.
   *
   * @param least sites of a round at least
   * @param rounds so many, and further lines of the group
   * @param more further groups
   */
  private static void offer(String task, int least, String rounds, String more) throws Exception {
    String yaml =
        Files.readString(started.demo().file())
                .replaceAll("(?m)^task: .*$", "task: " + task)
                .replaceAll("(?m)^(  max:) .*$", "$1 " + rounds)
                .replaceAll("(?m)^(  least:) .*$", "$1 " + rounds.lines().findFirst().orElseThrow())
                .replaceAll("(?m)^(  cohort-least:) .*$", "$1 " + least)
                .replaceAll("(?m)^(  stall:) .*$", "$1 60s")
            + "\n"
            + more;
    coordinator().exec("fedwerk:task-submit " + started.written(task + ".yaml", yaml));
  }

  private static void approve(String task, Iterable<String> at) throws Exception {
    for (String id : at) {
      KarafInstance site = started.site(id);
      site.await("the task", LONG, each -> Told.task(each, task).path("train").asInt() >= 100);
      site.await("an approval", LONG, each -> each.run("fedwerk:task-approve " + task).exit() == 0);
    }
  }

  /** Who took part in any round of training, two in each. */
  private static Set<String> pairs(String task) throws Exception {
    coordinator().await("the end of the task", LONG, each -> Told.finished(each, task));
    Set<String> seen = new TreeSet<>();
    for (JsonNode round : coordinator().json("fedwerk:rounds " + task)) {
      int size = round.path("cohort").size();
      if (round.path("protocol").asText().equals("train")) {
        assertEquals(2, size, round.toString());
        round.path("cohort").forEach(site -> seen.add(site.asText()));
      } else {
        assertTrue(size >= 2, "every ready site is asked for the test: " + round);
      }
    }
    return seen;
  }

  @Test
  void chanceTakesTwoOfThreeSitesAndOthersInOtherRounds() throws Exception {
    offer("by-chance", 2, "5\n  cohort: {fraction: 0.5}", "");
    approve("by-chance", sites().keySet());
    assertEquals(sites().keySet(), pairs("by-chance"));
  }

  @Test
  void theSitesWithTheMostNewExamplesAreTakenAndThenTheOthers() throws Exception {
    offer("by-freshness", 2, "3\n  cohort: {freshest: 2}", "");
    approve("by-freshness", sites().keySet());
    assertEquals(sites().keySet(), pairs("by-freshness"));
  }

  @Test
  void aSiteJoinsWhenItsHoursForRoundsBegin() throws Exception {
    String task = "by-night";
    KarafInstance site = started.site("plant-c");
    DateTimeFormatter minutes = DateTimeFormatter.ofPattern("HH:mm");
    LocalTime now = LocalTime.now(ZoneOffset.UTC);
    String later = minutes.format(now.plusHours(6)) + "-" + minutes.format(now.plusHours(7));
    site.configure(SITE, Map.of("rounds.allowed", later, "rounds.zone", "UTC"));
    try {
      offer(task, 3, "2", "");
      approve(task, List.of("plant-a", "plant-c"));
      coordinator().await("its reason", LONG, each -> waiting(task).contains("hours for rounds"));
      approve(task, List.of("plant-b"));
      assertEquals(0, coordinator().json("fedwerk:rounds " + task).size());
    } finally {
      site.configure(SITE, Map.of("rounds.allowed", ""));
    }
    coordinator().await("the end of the task", LONG, each -> Told.finished(each, task));
    assertEquals(3, coordinator().json("fedwerk:rounds " + task).get(0).path("cohort").size());
  }

  /** What plant-c is waited for with. */
  private static String waiting(String task) throws IOException {
    for (JsonNode row : coordinator().json("fedwerk:rounds")) {
      if (row.path("task").asText().equals(task)) {
        return row.path("waiting for").path("plant-c").asText();
      }
    }
    return "";
  }

  @Test
  void aVersionThatPassesTheRuleGoesOutAndTheGateTakesItBackForWhatTheCanaryReports()
      throws Exception {
    String task = "by-rule";
    offer(
        task,
        3,
        "1",
        """
        promotion: {by: rule, least: 0.01}
        rollout:
          canary: [plant-a]
          gate: {predictions: 20, alarm-rate: 0, latency-p99: 1ms}
        """);
    approve(task, sites().keySet());
    coordinator().await("a version that is back", LONG, each -> state(task).equals("retired"));
    JsonNode changes =
        coordinator().json("fedwerk:model-show " + task + " 1").get(0).path("changes");
    JsonNode taken = changes.get(changes.size() - 1);
    assertEquals("the gate", taken.path("by").asText(), changes.toString());
    assertTrue(taken.path("why").asText().contains("plant-a"), changes.toString());
    assertEquals("the rule", changes.get(1).path("by").asText(), changes.toString());
    started
        .site("plant-a")
        .await("no deployment", LONG, each -> !Told.task(each, task).hasNonNull("deployed"));
    assertFalse(Told.task(started.site("plant-b"), task).hasNonNull("deployed"));
  }

  private static String state(String task) throws IOException {
    for (JsonNode version : coordinator().json("fedwerk:models " + task)) {
      if (version.path("version").asInt() == 1) {
        return version.path("state").asText();
      }
    }
    return "";
  }
}
