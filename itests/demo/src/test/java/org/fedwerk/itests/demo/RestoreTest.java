// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

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
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is on the coordinator's disk is damaged. */
@Order(8)
@ExtendWith(SharedFederation.class)
class RestoreTest {
  private static final Duration LONG = Duration.ofMinutes(3);
  private static final int ROUNDS = 8;

  private static Started started;

  @BeforeAll
  static void theCoordinatorIsDown(Started shared) throws Exception {
    started = shared;
    if (coordinator().isAlive()) {
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

  /** The first file of a journal with a record that others follow. */
  private static Path journal() throws IOException {
    Path tasks = coordinator().base().resolve("data/fedwerk/store/journals/coordinator/tasks");
    try (Stream<Path> files = Files.list(tasks)) {
      return files.sorted().findFirst().orElseThrow();
    }
  }

  @Test
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
}
