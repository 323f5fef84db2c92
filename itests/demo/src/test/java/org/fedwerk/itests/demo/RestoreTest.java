// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.fedwerk.itests.demo.SharedFederation.Started;
import org.fedwerk.itests.harness.KarafInstance;
import org.fedwerk.itests.harness.KarafShell;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What is on the coordinator's disk is damaged, and then gone with the whole machine. The tests
 * build on each other.
 */
@Order(8)
@ExtendWith(SharedFederation.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RestoreTest {
  private static final Duration LONG = Duration.ofMinutes(3);
  private static final String TASK = "restored";
  private static final int ROUNDS = 8;

  private static Started started;

  @BeforeAll
  static void theCoordinatorIsDown(Started shared) throws Exception {
    started = shared;
    if (coordinator().isAlive()) {
      coordinator().await("its room", LONG, each -> each.run("fedwerk:rounds").exit() == 0);
      for (String task : List.of("before", "and-before")) {
        coordinator().exec("fedwerk:task-submit " + document(task));
      }
      coordinator().kill();
    }
  }

  private static Path document(String task) throws IOException {
    return started.written(
        task + ".yaml",
        Files.readString(started.demo().file())
            .replaceAll("(?m)^task: .*$", "task: " + task)
            .replaceAll("(?m)^(  max:) .*$", "$1 " + ROUNDS)
            .replaceAll("(?m)^(  least:) .*$", "$1 " + ROUNDS)
            .replaceAll("(?m)^(  epochs:) .*$", "$1 20"));
  }

  private static KarafInstance coordinator() {
    return started.coordinator();
  }

  private static int committed() throws IOException {
    return coordinator().json("fedwerk:rounds " + TASK).size();
  }

  /** The first file of a journal with a record that others follow. */
  private static Path journal() throws IOException {
    Path tasks = coordinator().base().resolve("data/fedwerk/store/journals/coordinator/tasks");
    try (Stream<Path> files = Files.list(tasks)) {
      return files.sorted().findFirst().orElseThrow();
    }
  }

  @Test
  @Order(1)
  void aDamagedJournalIsNamedWithItsOffsetAndTheRoomsComeUpWhenItIsPutRight() throws Exception {
    Path journal = journal();
    byte[] whole = Files.readAllBytes(journal);
    byte[] damaged = whole.clone();
    damaged[60] ^= 1;
    Files.write(journal, damaged);
    coordinator().start();
    coordinator().awaitBooted(LONG);
    coordinator()
        .await(
            "the damaged file in the status",
            LONG,
            each -> {
              JsonNode store = Told.status(each.json("fedwerk:status"), "store");
              return store.path("state").asText().equals("DOWN")
                  && store.path("detail").asText().contains(journal + " is damaged at offset ");
            });
    KarafShell.Output refused = coordinator().run("fedwerk:rounds");
    assertNotEquals(0, refused.exit(), refused.text());
    long process = coordinator().pid();
    Files.write(journal, whole);
    coordinator().awaitReady(LONG);
    assertEquals(process, coordinator().pid());
    List<String> known =
        started.site("plant-a").json("fedwerk:task-approve").findValuesAsText("task");
    coordinator()
        .await(
            "the tasks of the journal",
            LONG,
            each -> each.json("fedwerk:rounds").findValuesAsText("task").containsAll(known));
    assertEquals("", Told.stackTrace(coordinator().log()));
  }

  @Test
  @Order(2)
  void aBackupOfARunningCoordinatorGoesOnElsewhereFromTheLaterModelOfTheSites() throws Exception {
    coordinator().exec("fedwerk:task-submit " + document(TASK));
    for (KarafInstance site : started.federation().sites().values()) {
      site.await("the task", LONG, each -> Told.task(each, TASK).path("train").asInt() >= 100);
      site.exec("fedwerk:task-approve " + TASK);
    }
    coordinator().await("a round", LONG, each -> committed() >= 1);
    Path file = started.fresh("monday.zip");
    JsonNode backup = coordinator().json("fedwerk:backup " + file).get(0);
    assertEquals(1, backup.path("epoch").asInt(), backup.toString());
    int saved = committed();
    coordinator().await("a round that the backup lacks", LONG, each -> committed() > saved);
    String later = lostWithTheMachine();

    KarafInstance another = started.federation().replaceCoordinator("another-coordinator");
    another.start();
    another.awaitBooted(LONG);
    JsonNode restored = another.json("fedwerk:restore --force " + file).get(0);
    assertEquals(2, restored.path("epoch").asInt(), restored.toString());
    another.await("the end of the task", LONG, each -> Told.finished(each, TASK));
    JsonNode models = another.json("fedwerk:models " + TASK);
    assertTrue(models.findValuesAsText("model").contains(later), later + " is none of " + models);
    JsonNode rounds = another.json("fedwerk:rounds " + TASK);
    assertTrue(rounds.findValuesAsText("by").contains("restore"), rounds.toString());
    JsonNode last = rounds.get(rounds.size() - 1);
    for (KarafInstance site : started.federation().sites().values()) {
      site.await(
          "the final model",
          LONG,
          each ->
              Told.task(each, TASK).path("deployed").asText().equals(last.path("model").asText()));
    }
  }

  /** Kills the coordinator when all sites run the same later model. @return its digest */
  private static String lostWithTheMachine() throws Exception {
    coordinator().exec("fedwerk:task-pause " + TASK);
    String[] last = {""};
    for (KarafInstance site : started.federation().sites().values()) {
      site.await(
          "the newest model",
          LONG,
          each -> {
            JsonNode rounds = coordinator().json("fedwerk:rounds " + TASK);
            last[0] = rounds.get(rounds.size() - 1).path("model").asText();
            return Told.task(each, TASK).path("deployed").asText().equals(last[0]);
          });
    }
    coordinator().kill();
    return last[0];
  }
}
