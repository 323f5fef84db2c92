// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import org.fedwerk.itests.demo.SharedFederation.Started;
import org.fedwerk.itests.harness.KarafInstance;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The machines change after a task has ended; sites see it, ask, and the task goes on. */
@Order(7)
@ExtendWith(SharedFederation.class)
class DriftTest {
  private static final Duration LONG = Duration.ofMinutes(4);
  private static final String TASK = "drifting";
  private static final List<String> DRIFTING = List.of("plant-a", "plant-b");

  /** Parts do not resemble the ones before by wear or weather, so no window drifts by these. */
  private static final String SIGNALS = "torque|rotational-speed";

  @Test
  void aTaskThatHasEndedGoesOnWhenTheMachinesOfAQuorumHaveChanged(Started started)
      throws Exception {
    KarafInstance coordinator = started.coordinator();
    coordinator.exec("fedwerk:task-submit " + started.written(TASK + ".yaml", task(started)));
    for (KarafInstance site : started.federation().sites().values()) {
      site.await("the task", LONG, each -> Told.task(each, TASK).path("train").asInt() >= 100);
      site.exec("fedwerk:task-approve " + TASK);
    }
    coordinator.await("the end of the task", LONG, each -> Told.finished(each, TASK));
    int before = coordinator.json("fedwerk:rounds " + TASK).size();
    awaitDetail(started, "plant-a", "no drift in the last 12 parts by ks");
    awaitDetail(started, "plant-b", "no drift in the last 12 parts by ks");
    assertTrue(Told.finished(coordinator, TASK));

    disturb(started, "plant-a", "x0.4");
    String asks =
        "drift in the last 12 parts by ks: torque [0-9.]+ above [0-9.]+.*; asks for rounds";
    awaitDetail(started, "plant-a", asks);
    coordinator.await(
        "one of two that ask",
        LONG,
        each ->
            Told.status(each.json("fedwerk:status"), "task " + TASK)
                .path("detail")
                .asText()
                .contains("1 of the 2 sites that must have asked for rounds"));
    assertEquals(before, coordinator.json("fedwerk:rounds " + TASK).size(), "one is no quorum");
    disturb(started, "plant-b", "x0.4");
    coordinator.await(
        "a round that drift asked for",
        LONG,
        each -> each.json("fedwerk:rounds " + TASK).size() > before);
    coordinator.await("the end after it", LONG, each -> Told.finished(each, TASK));
    JsonNode rounds = coordinator.json("fedwerk:rounds " + TASK);
    assertEquals("train", rounds.get(before).path("protocol").asText(), rounds.toString());
    for (String site : DRIFTING) {
      disturb(started, site, "none");
      JsonNode egress = started.site(site).json("fedwerk:egress --most 2000");
      assertTrue(
          egress.findValuesAsText("kind").contains("drift"), "what it said of drift is on record");
      assertEquals("", Told.stackTrace(started.site(site).log()));
    }
    assertEquals("", Told.stackTrace(coordinator.log()));
  }

  private static String task(Started started) throws IOException {
    return Files.readString(started.demo().file())
            .replaceAll("(?m)^    - \\{name: (?!" + SIGNALS + ").*\n", "")
            .replaceAll("(?m)^task: .*$", "task: " + TASK)
            .replaceAll("(?m)^(  max:) .*$", "$1 2")
            .replaceAll("(?m)^(  least:) .*$", "$1 2")
            .replaceAll("(?m)^(  stall:) .*$", "$1 60s")
        + "\ndrift: {method: ks, of: inputs, window: 12, quorum: 2, rounds: 1}\n";
  }

  private static void disturb(Started started, String site, String with) throws IOException {
    started.federation().plants().exec("plant:disturb " + site + " torque " + with);
  }

  private static void awaitDetail(Started started, String site, String pattern)
      throws IOException, InterruptedException {
    started
        .site(site)
        .await(
            pattern,
            LONG,
            each ->
                Told.status(each.json("fedwerk:status"), "task " + TASK)
                    .path("detail")
                    .asText()
                    .matches(".*" + pattern + ".*"));
  }
}
