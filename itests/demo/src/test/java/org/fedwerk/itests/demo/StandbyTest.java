// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.fedwerk.itests.demo.SharedFederation.Started;
import org.fedwerk.itests.harness.KarafInstance;
import org.fedwerk.itests.harness.KarafShell;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Two coordinators on one PostgreSQL. The process that coordinated before keeps the broker and the
 * federation's CA, and nothing else.
 */
@Order(9)
@ExtendWith(SharedFederation.class)
class StandbyTest {
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final String TASK = "taken-over";
  private static final int ROUNDS = 4;
  private static final Pattern HELD = Pattern.compile("holds the lease, epoch (\\d+)");

  private static Started started;
  private static EmbeddedPostgres postgres;
  private static KarafInstance first;
  private static KarafInstance second;

  /** Of the lease that the first one has; not 1 where its process had to be started twice. */
  private static long epoch;

  @BeforeAll
  static void twoCoordinatorsOnOneDatabase(Started shared) throws Exception {
    started = shared;
    postgres = EmbeddedPostgres.builder().start();
    first = coordinator("first-coordinator");
    second = coordinator("second-coordinator");
    stored(started.coordinator(), "none");
    first.start();
    first.awaitBooted(LONG);
    first.await("its lease", LONG, each -> epoch(each) > 0);
    epoch = epoch(first);
    second.start();
    second.awaitBooted(LONG);
  }

  private static KarafInstance coordinator(String name) throws IOException {
    KarafInstance process =
        started.federation().beside(name, List.of("fedwerk-coordinator", "fedwerk-store-postgres"));
    process.configure(
        "org.fedwerk.store.postgres",
        Map.of(
            "url",
            "jdbc:postgresql://127.0.0.1:" + postgres.getPort() + "/postgres",
            "user",
            "postgres",
            "holder",
            name));
    stored(process, "postgresql");
    return process;
  }

  /** Says which storage coordinator and link of a process work on. */
  private static void stored(KarafInstance process, String storage) throws IOException {
    for (String room : List.of("coordinator", "link")) {
      process.configure(
          "org.fedwerk." + room, Map.of("storage.target", "(fedwerk.storage=" + storage + ")"));
    }
  }

  @AfterAll
  static void stop() throws Exception {
    for (KarafInstance each : List.of(first, second)) {
      each.close();
    }
    postgres.close();
  }

  /** Epoch of the lease that a process holds, 0 without one. */
  private static long epoch(KarafInstance process) throws IOException {
    Matcher held = HELD.matcher(process.exec("fedwerk:status"));
    return held.find() ? Long.parseLong(held.group(1)) : 0;
  }

  private static JsonNode run() throws IOException {
    for (JsonNode each : first.json("fedwerk:rounds")) {
      if (each.path("task").asText().equals(TASK)) {
        return each;
      }
    }
    throw new IOException("the coordinator does not know " + TASK);
  }

  @Test
  void theStandbyTakesOverWhenTheCoordinatorIsKilledInMidRound() throws Exception {
    String yaml =
        Files.readString(started.demo().file())
            .replaceAll("(?m)^task: .*$", "task: " + TASK)
            .replaceAll("(?m)^(  max:) .*$", "$1 " + ROUNDS)
            .replaceAll("(?m)^(  least:) .*$", "$1 " + ROUNDS)
            .replaceAll("(?m)^(  stall:) .*$", "$1 60s")
            .replaceAll("(?m)^(  batch:) .*$", "$1 1")
            .replaceAll("(?m)^(  epochs:) .*$", "$1 3")
            .replaceAll("(?m)^(  rate:) .*$", "$1 0.0005");
    KarafShell.Output standby = second.run("fedwerk:rounds");
    assertNotEquals(0, standby.exit(), standby.text());
    String waits = second.exec("fedwerk:status");
    assertTrue(waits.contains("first-coordinator"), waits);

    first.exec("fedwerk:task-submit " + started.written("taken-over.yaml", yaml));
    for (KarafInstance site : started.federation().sites().values()) {
      site.await("the task", LONG, each -> Told.task(each, TASK).path("train").asInt() >= 100);
      site.exec("fedwerk:task-approve " + TASK);
    }
    first.await(
        "the middle of round 2",
        LONG,
        each -> run().path("round").asInt() == 2 && run().path("phase").asText().equals("train"));
    first.kill();
    second.await("the end of the task", LONG, each -> Told.finished(each, TASK));
    JsonNode rounds = second.json("fedwerk:rounds " + TASK);
    assertEquals(ROUNDS + 1, rounds.size(), rounds.toString());
    for (JsonNode round : rounds) {
      assertEquals(1, round.path("attempt").asInt(), round.toString());
      assertEquals(3, round.path("cohort").size(), round.toString());
      assertEquals(0, round.path("missing").size(), round.toString());
    }
    assertEquals(epoch + 1, epoch(second));
    String model = rounds.get(ROUNDS).path("model").asText();
    for (KarafInstance site : started.federation().sites().values()) {
      site.await(
          "the final model",
          LONG,
          each -> Told.task(each, TASK).path("deployed").asText().equals(model));
    }
  }
}
