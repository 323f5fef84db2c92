// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import org.fedwerk.itests.demo.SharedFederation.Started;
import org.fedwerk.itests.harness.KarafInstance;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * One site stands still in the middle of its first training while the others go on: what it sends
 * when it wakes up counts by its age.
 */
@Order(6)
@ExtendWith(SharedFederation.class)
class SlowSiteTest {
  private static final Duration LONG = Duration.ofMinutes(4);
  private static final String SLOW = "plant-c";
  private static final String LATE = SLOW + "@1";

  private static Started started;

  @BeforeAll
  static void aFederation(Started shared) {
    started = shared;
  }

  private static KarafInstance coordinator() {
    return started.coordinator();
  }

  private static int committed(String task) throws IOException {
    return coordinator().json("fedwerk:rounds " + task).size();
  }

  /**
   * Runs a task to its end.
   *
   * @param rounds its stall, and further lines of its rounds
   * @param most so many rounds
   * @param asleep the slow site wakes up when so many of them are committed
   */
  private static void run(String task, String rounds, int most, int asleep) throws Exception {
    String yaml =
        Files.readString(started.demo().file())
            .replaceAll("(?m)^task: .*$", "task: " + task)
            .replaceAll("(?m)^(  max:) .*$", "$1 " + most)
            .replaceAll("(?m)^(  least:) .*$", "$1 " + most)
            .replaceAll("(?m)^(  stall:) .*$", "$1 " + rounds)
            .replaceAll("(?m)^(  batch:) .*$", "$1 1")
            .replaceAll("(?m)^(  epochs:) .*$", "$1 10")
            .replaceAll("(?m)^(  rate:) .*$", "$1 0.0005");
    coordinator().exec("fedwerk:task-submit " + started.written(task + ".yaml", yaml));
    for (KarafInstance site : started.federation().sites().values()) {
      site.await("the task", LONG, each -> Told.task(each, task).path("train").asInt() >= 100);
      site.exec("fedwerk:task-approve " + task);
    }
    // A training that has not begun would give way to the next plan, and no update come late.
    started
        .site(SLOW)
        .await(
            "a training manifest", LONG, each -> !Comparison.used(each, task, "train").isEmpty());
    started.site(SLOW).freeze();
    try {
      coordinator().await("rounds without the slow site", LONG, each -> committed(task) >= asleep);
    } finally {
      started.site(SLOW).thaw();
    }
    coordinator().await("the end of the task", LONG, each -> Told.finished(each, task));
  }

  /** The version that the late update counts in. */
  private static int version(String task) throws IOException {
    int found = 0;
    int times = 0;
    for (JsonNode version : coordinator().json("fedwerk:models " + task)) {
      if (version.path("weights").has(LATE)) {
        found = version.path("version").asInt();
        times++;
      }
    }
    assertEquals(1, times, coordinator().json("fedwerk:models " + task).toString());
    return found;
  }

  private static void allRunTheSame(String task, JsonNode last) throws Exception {
    assertEquals("final", last.path("protocol").asText());
    String model = last.path("model").asText();
    for (KarafInstance site : started.federation().sites().values()) {
      site.await(
          "the final model",
          LONG,
          each -> Told.task(each, task).path("deployed").asText().equals(model));
    }
  }

  @Test
  void anUpdateThatComesAfterItsRoundCountsInALaterOneByItsAge() throws Exception {
    String task = "late";
    run(task, "8s\n  late: staleness", 5, 1);
    JsonNode rounds = coordinator().json("fedwerk:rounds " + task);
    assertTrue(
        rounds.get(0).path("missing").path(SLOW).asText().contains("stalled"), rounds.toString());
    int version = version(task);
    JsonNode values = rounds.get(version - 1).path("values");
    assertTrue(version > 1, values.toString());
    assertEquals(1, values.path("late.updates").asInt(), values.toString());
    assertEquals(version - 1, values.path("late.stalest").asInt(), values.toString());
    assertTrue(
        coordinator().exec("fedwerk:rounds --csv " + task).contains("late.stalest"),
        "the run history as a file tells it too");
    allRunTheSame(task, rounds.get(rounds.size() - 1));
  }

  @Test
  void anAsynchronousTaskMakesVersionsOfTheFastSitesAndTakesTheSlowOnesUpdateToo()
      throws Exception {
    String task = "asynchronous";
    run(task, "60s\n  mode: asynchronous\n  buffer: 2", 6, 2);
    JsonNode rounds = coordinator().json("fedwerk:rounds " + task);
    assertEquals(7, rounds.size(), rounds.toString());
    for (JsonNode round : rounds) {
      assertEquals(1, round.path("attempt").asInt(), "nobody's silence fails a round");
    }
    int version = version(task);
    JsonNode values = rounds.get(version - 1).path("values");
    assertTrue(version > 2, values.toString());
    assertEquals(version - 1, values.path("late.stalest").asInt(), values.toString());
    allRunTheSame(task, rounds.get(rounds.size() - 1));
  }
}
