// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.shell.internal;

import static org.fedwerk.shell.internal.FakeCoordination.DIGEST;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.support.CommandException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CoordinatorCommandsTest {
  @TempDir Path folder;
  private final Map<String, Object> here = Map.of("coordination", new FakeCoordination());

  @Test
  void sitesShowsWhoIsThereAndWhatTheySaid() throws Exception {
    String table = Shell.run(new SitesCommand(), here);
    assertTrue(table.contains("press1") && table.contains("milling: ready, examples 60/20/20"));
    JsonNode rows = Shell.json(new SitesCommand(), here);
    assertEquals(4, rows.get(0).get("last seen s").asInt());
    assertTrue(rows.get(1).get("last seen s").isNull());
    assertEquals("ready, examples 60/20/20", rows.get(0).get("tasks").get("milling").asText());
    assertEquals("0123456789ab", rows.get(0).get("key").asText());
  }

  @Test
  void modelsShowsVersionsWithMetricContributorsAndWhatTheyWereMadeFrom() throws Exception {
    Map<String, Object> one = Shell.with(here, "task", "milling");
    String table = Shell.run(new ModelsCommand(), one);
    assertTrue(table.contains("press1: 60.0, press2: 20.0") && table.contains("the seed"), table);
    JsonNode rows = Shell.json(new ModelsCommand(), here);
    assertTrue(rows.get(0).get("metric").isNull());
    assertEquals(0.9, rows.get(1).get("metric").asDouble());
    assertEquals(DIGEST.hex(), rows.get(1).get("model").asText());
    assertEquals(rows.get(0).get("model"), rows.get(1).get("made from"));
    assertEquals(20, rows.get(1).get("weights").get("press2").asDouble());
    CommandException absent =
        assertThrows(CommandException.class, () -> Shell.run(new ModelsCommand(), Map.of()));
    assertTrue(absent.getMessage().contains("neither a site"));
  }

  @Test
  void tasksAndSitesOfTheCoordinatorAreCompleted() throws Exception {
    TaskCompleter tasks = new TaskCompleter();
    Shell.fill(tasks, "coordination", new FakeCoordination());
    Shell.fill(tasks, "agent", new FakeSite());
    assertEquals(List.of("hydraulic", "milling", "pumps"), List.copyOf(tasks.names()));
    SiteCompleter sites = new SiteCompleter();
    assertEquals(List.of(), List.copyOf(sites.names()));
    Shell.fill(sites, "coordination", new FakeCoordination());
    assertEquals(List.of("press1", "press2"), List.copyOf(sites.names()));
  }

  @Test
  void whereThereIsNoCoordinatorEachCommandSaysSo() throws Exception {
    Path file = Files.write(folder.resolve("t.yaml"), "x".getBytes(StandardCharsets.UTF_8));
    for (Action command : List.of(new SitesCommand(), new RoundsCommand())) {
      assertThrows(CommandException.class, () -> Shell.run(command, Map.of()));
    }
    Map<String, Object> order = Map.of("session", Shell.session("ann"), "task", "milling");
    for (Action command :
        List.of(
            new TaskPauseCommand(),
            new TaskResumeCommand(),
            new TaskAbortCommand(),
            new TaskRetryCommand())) {
      CommandException elsewhere =
          assertThrows(CommandException.class, () -> Shell.run(command, order));
      assertTrue(elsewhere.getMessage().contains("run the command at the coordinator"));
    }
    CommandException absent =
        assertThrows(
            CommandException.class,
            () -> Shell.run(new TaskSubmitCommand(), Map.of("file", file.toString())));
    assertTrue(absent.getMessage().contains("runs no coordinator"));
  }
}
